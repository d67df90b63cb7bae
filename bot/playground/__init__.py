"""The playground: a third platform on a page, and a clock that can be let run."""
