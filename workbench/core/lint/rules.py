"""Every rule that needs nothing but the tools themselves. Vendors' limits are in `app/lint/vendor_limits.py`."""

from workbench.core.lint.description_rules import DESCRIPTION_RULES
from workbench.core.lint.hidden_rules import HIDDEN_RULES
from workbench.core.lint.name_rules import NAME_RULES
from workbench.core.lint.parameter_rules import PARAMETER_RULES
from workbench.core.lint.required_rules import REQUIRED_RULES
from workbench.core.lint.rule import LintRule
from workbench.core.lint.schema_rules import SCHEMA_RULES

RULES: tuple[LintRule, ...] = (
    *SCHEMA_RULES,
    *DESCRIPTION_RULES,
    *PARAMETER_RULES,
    *REQUIRED_RULES,
    *NAME_RULES,
    *HIDDEN_RULES,
)
