"""OpenAI Responses. The conversation is kept here and sent whole: nothing is stored at the vendor.

Not supported: `previous_response_id`, background responses, images and files.
Hosted and `custom` tools are shown, not run.
"""
