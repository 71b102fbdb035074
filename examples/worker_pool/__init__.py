"""A supervised pool of workers, which looks at every file of a folder."""
