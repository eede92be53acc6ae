"""飞书 and Lark: applications with a robot, by events of version 2."""
