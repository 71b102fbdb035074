"""`python -m everything_is_an_actor`: the same as the command `eiaa`."""

from everything_is_an_actor.cli import main

if __name__ == "__main__":
    main()
