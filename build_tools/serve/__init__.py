"""The live preview: records are watched, the site is made anew at every save, and open pages are told."""

PLACE = "build/serve"  # the pages and the site that the preview shows; nothing else uses it
