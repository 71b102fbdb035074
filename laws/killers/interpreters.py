"""Which laws kill interpreters that are no morphisms, or agree with no other one."""

KILLERS: dict[str, tuple[str, ...]] = {
    "an_identity_that_is_a_constant": ("interpreter.identity_is_a_success",),
    "a_function_that_is_not_applied": ("interpreter.a_function_is_lifted",),
    "a_composition_of_its_second_alone": ("interpreter.composition_is_composed",),
    "a_map_that_is_not_mapped": ("interpreter.map_is_mapped",),
    "a_bind_fed_the_value_in_place_of_the_input": ("interpreter.bind_is_bound",),
    "a_tensor_that_swaps_its_flows": (
        "interpreter.tensor_is_a_pair",
        "interpreter.tensor_fails_on_the_left",
        "interpreter.tensor_fails_on_the_right",
    ),
    "an_outcome_a_second_late": ("agreement.means_the_same",),
    "an_error_that_loses_its_notes": ("agreement.means_the_same",),
    "a_side_flow_that_is_awaited": ("agreement.means_the_same",),
    "timeouts_lost_on_the_way_by_document": ("agreement.means_the_same",),
    "a_stream_that_loses_a_start": ("agreement.means_the_same",),
    "a_stream_that_loses_the_losers_of_a_race": ("agreement.means_the_same",),
    "a_stream_that_tells_an_ending_twice": ("agreement.means_the_same",),
    "a_stream_that_ends_before_its_last_task": ("agreement.means_the_same",),
    "a_stream_that_ends_in_another_value": ("agreement.means_the_same",),
}
