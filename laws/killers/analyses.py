"""Which laws kill wrong analyses."""

KILLERS: dict[str, tuple[str, ...]] = {
    "bounds_with_what_success_needs_in_every_run": ("bounds.under_is_called",),
    "bounds_with_none_called_but_those_needed": ("bounds.over_is_not_exceeded",),
    "bounds_with_one_call_less": ("bounds.calls_are_counted",),
    "bounds_with_one_call_more_to_succeed": ("bounds.calls_are_counted",),
    "bounds_with_half_of_the_seconds": ("bounds.time_is_bounded",),
    "bounds_with_side_flows_that_take_no_time": ("bounds.time_of_side_flows_is_bounded",),
    "bounds_with_one_call_less_at_a_time": ("bounds.concurrency_is_bounded",),
    "bounds_of_nodes_that_are_calls": (
        "equal_bounds.bounds_of_a_composition",
        "equal_bounds.bounds_of_a_map",
        "equal_bounds.bounds_of_what_is_skipped",
    ),
    "bounds_of_timeouts_that_take_time": ("equal_bounds.bounds_of_timeouts",),
    "bounds_of_loops_that_call_once_more": ("equal_bounds.bounds_of_a_single_round",),
    "bounds_of_quorums_that_wait_for_all": ("equal_bounds.bounds_of_what_runs_beside",),
    "bounds_of_taps_forgotten": ("equal_bounds.bounds_of_derived_operators",),
    "a_checker_that_finds_nothing": (
        "soundness.sound_branches_go_right",
        "soundness.sound_loops_go_right",
        "soundness.sound_absolution_goes_right",
    ),
    "a_checker_that_forgets_what_flows_in": (
        "soundness.sound_compositions_go_right",
        "soundness.sound_routes_go_right",
        "soundness.sound_products_go_right",
    ),
    "a_drawing_that_shows_an_address": ("drawings.draws_what_the_flow_is",),
    "a_drawing_that_knows_no_retry": ("drawings.draws_every_agent",),
    "a_drawing_of_nothing": ("drawings.draws_every_agent",),
}
