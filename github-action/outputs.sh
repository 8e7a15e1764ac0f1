# shellcheck shell=bash
# Tells the runner an output of the step, whatever characters it has.
output() {
  local mark="end-of-value-$RANDOM$RANDOM$RANDOM"
  printf '%s<<%s\n%s\n%s\n' "$1" "$mark" "$2" "$mark" >>"$GITHUB_OUTPUT"
}
