"""One provisioner, tried on one made-up resource: nothing is written, and all of it is seen."""
