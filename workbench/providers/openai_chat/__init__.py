"""OpenAI Chat Completions, and every server that speaks it (llama.cpp, Ollama, vLLM, LM Studio and others).

Not supported: several choices (`n`), audio, and images. `custom` tools and the old `function_call` are shown, not run.
"""
