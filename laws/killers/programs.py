"""Which laws kill wrong programs."""

KILLERS: dict[str, tuple[str, ...]] = {
    "map_that_performs_twice": (
        "free_functor.preserves_identity",
        "free_functor.preserves_composition",
        "free_errors.what_fails_at_last_does_what_came_before",
    ),
    "map_that_applies_twice": (
        "free_functor.maps_by_binding",
        "free_applicative.composition",
        "free_applicative.maps_by_applying",
    ),
    "flat_map_that_performs_twice": ("free_monad.right_identity", "free_monad.associativity"),
    "flat_map_that_goes_on_twice": ("free_monad.left_identity",),
    "flat_map_that_goes_on_after_an_error": ("free_errors.an_error_is_a_left_zero",),
    "then_that_yields_the_first": (
        "free_monad.then_binds_and_does_not_look",
        "free_monad.deferring_changes_nothing",
    ),
    "then_that_yields_both": ("free_monad.then_is_associative",),
    "ap_with_the_argument_first": ("free_errors.an_error_is_a_left_zero_of_ap",),
    "ap_that_performs_the_argument_twice": (
        "free_applicative.applies_the_identity",
        "free_applicative.applies_by_binding",
    ),
    "ap_that_yields_the_argument": (
        "free_applicative.homomorphism",
        "free_applicative.interchange",
    ),
    "bind_that_performs_twice": ("free_monad.bind_is_flat_map",),
    "flatMap_that_goes_on_twice": ("free_monad.flatMap_is_flat_map",),
    "apply_with_the_argument_first": ("free_applicative.apply_is_ap_turned_round",),
    "generators_that_are_sent_nothing": ("free_monad.direct_style_binds",),
    "attempt_that_hides_the_error": (
        "free_errors.an_attempt_of_an_error_yields_it",
        "free_errors.handlers_are_given_the_error",
        "free_errors.attempt_is_natural",
    ),
    "attempt_that_performs_twice": (
        "free_errors.rethrow_undoes_attempt",
        "free_errors.attempt_undoes_rethrow",
    ),
    "attempt_that_yields_the_value_itself": (
        "free_errors.an_attempt_of_a_value_succeeds",
        "free_errors.an_attempt_does_not_fail",
        "free_errors.handlers_leave_values_alone",
    ),
    "attempt_that_catches_fatal_errors": ("free_errors.fatal_errors_go_through_an_attempt",),
    "par_in_the_wrong_order": (
        "free_par.a_value_is_a_left_unit",
        "free_par.nests_to_the_left",
        "free_par.independent_programs_do_the_same_in_turn",
    ),
    "par_without_the_last": (
        "free_par.nests_to_the_right",
        "free_par.par_is_natural",
        "free_par.par_is_commutative",
    ),
    "par_that_performs_each_twice": (
        "free_par.par_of_one_is_that_one",
        "free_par.a_value_is_a_right_unit",
    ),
    "par_of_none_that_fails": ("free_par.par_of_none_is_a_value",),
    "par_in_which_an_error_is_a_value": ("free_par.an_error_is_a_zero_of_par",),
}
