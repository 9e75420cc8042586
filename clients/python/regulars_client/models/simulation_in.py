from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.candidate_rule_in import CandidateRuleIn
    from ..models.order_in import OrderIn
    from ..models.simulation_in_program_type_0 import SimulationInProgramType0


T = TypeVar("T", bound="SimulationIn")


@_attrs_define
class SimulationIn:
    """An order, and what it may be judged by: a whole program, or one rule.

    Attributes:
        order (OrderIn): An order placed, adjusted, refunded or cancelled.
        offer_ids (list[str] | Unset):
        program (None | SimulationInProgramType0 | Unset):
        rule (CandidateRuleIn | None | Unset):
    """

    order: OrderIn
    offer_ids: list[str] | Unset = UNSET
    program: None | SimulationInProgramType0 | Unset = UNSET
    rule: CandidateRuleIn | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.candidate_rule_in import CandidateRuleIn  # noqa: PLC0415
        from ..models.simulation_in_program_type_0 import SimulationInProgramType0  # noqa: PLC0415

        order = self.order.to_dict()

        offer_ids: list[str] | Unset = UNSET
        if not isinstance(self.offer_ids, Unset):
            offer_ids = self.offer_ids

        program: dict[str, Any] | None | Unset
        if isinstance(self.program, Unset):
            program = UNSET
        elif isinstance(self.program, SimulationInProgramType0):
            program = self.program.to_dict()
        else:
            program = self.program

        rule: dict[str, Any] | None | Unset
        if isinstance(self.rule, Unset):
            rule = UNSET
        elif isinstance(self.rule, CandidateRuleIn):
            rule = self.rule.to_dict()
        else:
            rule = self.rule

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "order": order,
            }
        )
        if offer_ids is not UNSET:
            field_dict["offer_ids"] = offer_ids
        if program is not UNSET:
            field_dict["program"] = program
        if rule is not UNSET:
            field_dict["rule"] = rule

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.candidate_rule_in import CandidateRuleIn  # noqa: PLC0415
        from ..models.order_in import OrderIn  # noqa: PLC0415
        from ..models.simulation_in_program_type_0 import SimulationInProgramType0  # noqa: PLC0415

        d = dict(src_dict)
        order = OrderIn.from_dict(d.pop("order"))

        offer_ids = cast(list[str], d.pop("offer_ids", UNSET))

        def _parse_program(data: object) -> None | SimulationInProgramType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                program_type_0 = SimulationInProgramType0.from_dict(data)

                return program_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SimulationInProgramType0 | Unset, data)

        program = _parse_program(d.pop("program", UNSET))

        def _parse_rule(data: object) -> CandidateRuleIn | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rule_type_0 = CandidateRuleIn.from_dict(data)

                return rule_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CandidateRuleIn | None | Unset, data)

        rule = _parse_rule(d.pop("rule", UNSET))

        simulation_in = cls(
            order=order,
            offer_ids=offer_ids,
            program=program,
            rule=rule,
        )

        return simulation_in
