#!/usr/bin/env bash
# Lints: annotations on standard output, a SARIF file, counts as outputs, a summary of the job.
# Ends well whatever is found, so that the steps behind it see everything; the last one fails.
set -euo pipefail

# shellcheck source=outputs.sh
. "$(dirname "${BASH_SOURCE[0]}")/outputs.sh"

# A GitHub runner has several JDKs; the one on its PATH may be too old.
for jdk in "${JAVA_HOME_21_X64:-}" "${JAVA_HOME_21_ARM64:-}" \
  "${JAVA_HOME_17_X64:-}" "${JAVA_HOME_17_ARM64:-}"; do
  if [ -z "${JAVA_HOME:-}" ] && [ -n "$jdk" ]; then
    export JAVA_HOME=$jdk
  fi
done

sarif=${INPUT_SARIF:-$RUNNER_TEMP/kubeproof.sarif}
summary=$RUNNER_TEMP/kubeproof-summary.md
rm -f "$summary"

arguments=(lint --format github --format "sarif=$sarif" --format "markdown=$summary")
[ -z "$INPUT_FAIL_ON" ] || arguments+=("--fail-on=$INPUT_FAIL_ON")
[ -z "$INPUT_SELECT" ] || arguments+=("--select=$INPUT_SELECT")
[ -z "$INPUT_IGNORE" ] || arguments+=("--ignore=$INPUT_IGNORE")
[ -z "$INPUT_UNIT" ] || arguments+=("--unit=$INPUT_UNIT")
[ -z "$INPUT_RENDER" ] || arguments+=("--render=$INPUT_RENDER")
[ -z "$INPUT_CLOSED_WORLD" ] || arguments+=("--closed-world=$INPUT_CLOSED_WORLD")
while IFS= read -r line; do
  [ -z "$line" ] || arguments+=("$line")
done <<<"$INPUT_ARGS"
arguments+=(--)
while IFS= read -r line; do
  [ -z "$line" ] || arguments+=("$line")
done <<<"$INPUT_PATHS"

code=0
bash "$INSTALLED/bin/kubeproof" "${arguments[@]}" || code=$?

if [ -f "$summary" ]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
  read -r counts <"$summary"
  [[ $counts =~ ([0-9]+)\ errors?,\ ([0-9]+)\ warnings?,\ ([0-9]+)\ infos?$ ]]
  output errors "${BASH_REMATCH[1]}"
  output warnings "${BASH_REMATCH[2]}"
  output infos "${BASH_REMATCH[3]}"
  output sarif "$sarif"
else
  printf '### Kubeproof did not run: exit code %s, see the log\n' "$code" >>"$GITHUB_STEP_SUMMARY"
fi
output exit-code "$code"
