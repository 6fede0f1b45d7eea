"""The parameters of each model of a connection: one model at a time."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.model_parameters import PARAMETERS
from workbench.gui.kit.choice_box import ChoiceBox
from workbench.gui.kit.field_grid import FieldGrid
from workbench.gui.kit.listening import listen
from workbench.gui.kit.value_field import ValueField
from workbench.gui.look.look import Look
from workbench.viewmodels.models.connection_form import ConnectionForm


class ParametersBox(QWidget):
    """Shows the parameters in a `ConnectionForm`."""

    def __init__(self, form: ConnectionForm, look: Look) -> None:
        super().__init__()
        self._form = form
        self.setProperty("role", "clear")
        self.model = ChoiceBox("Model whose parameters are shown")
        self.model.picked.connect(form.tune)
        self.fields = {one.name: ValueField(one.label, look) for one in PARAMETERS}
        for one in PARAMETERS:
            self.fields[one.name].describe(one.about, "not set")
            self.fields[one.name].typed.connect(partial(form.write_parameter, one.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.model)
        column.addWidget(FieldGrid(tuple(self.fields.values()), look, len(self.fields)))
        self._refresh()
        listen(self, form.changed, self._refresh)

    def _refresh(self) -> None:
        form = self._form
        self.model.show_choices([(name, name) for name in form.model_names], form.tuned_model)
        self.model.setVisible(len(form.model_names) > 1)
        for name, field in self.fields.items():
            text, problem = form.parameter(name)
            field.show_value(text, problem=problem, can_edit=bool(form.tuned_model))
