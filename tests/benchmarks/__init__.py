"""How fast casemgr is, as ratios against the bare libraries in the same run; nothing of it is a test."""
