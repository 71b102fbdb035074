"""Which laws kill wrong runs of programs."""

KILLERS: dict[str, tuple[str, ...]] = {
    "fold_map_that_loses_the_value": ("fold_map.of_a_value", "fold_map.of_an_attempt"),
    "fold_map_that_does_not_go_on": ("fold_map.of_a_bind", "fold_map.of_a_map"),
    "fold_map_that_performs_twice_for_a_trace": ("fold_map.a_trace_changes_nothing",),
    "a_single_operation_performed_twice": ("fold_map.of_an_operation",),
    "par_whose_values_are_swapped": ("fold_map.of_a_par",),
    "transformed_operations_performed_twice": ("fold_map.the_identity_transforms_nothing",),
    "hoist_that_changes_the_first_alone": ("fold_map.hoisting_is_interpreting_by_programs",),
    "hoist_in_which_attempts_yield_nothing": ("fold_map.hoisting_the_identity_changes_nothing",),
    "model_that_goes_on_after_a_failure": ("free_agreement.interpreters_agree",),
    "model_that_keeps_its_state_at_a_restart": ("free_agreement.interpreters_agree",),
    "model_that_does_not_stop": ("free_agreement.interpreters_agree",),
    "model_in_which_a_sleep_takes_no_time": ("free_agreement.interpreters_agree",),
    "model_in_which_one_is_done_after_the_other": ("free_agreement.interpreters_agree",),
    "script_that_replies_no_error": ("free_agreement.interpreters_agree",),
}
