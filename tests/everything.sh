# shellcheck shell=bash
# ./dimple test: builds everything, runs every test, prints one line per step and the sum. Read by ../dimple.
# DIMPLE_DATA names a folder with the real data sets; tests that need them are skipped, visibly, without it.
# shellcheck disable=SC2154  # root, sample and the package tables are the front door's

jobs=$(nproc)
logs=$root/build/test-logs
passed=0
failed=0
skipped=()
failures=() # each: a test's name and the first lines of why

# step NAME COMMAND...: runs it into a log of its own; the end of the log is shown when it fails.
step() {
  local name=$1 label file=$logs/${1//[^a-zA-Z0-9]/-}.log start=$SECONDS
  shift
  mkdir -p "$logs"
  label=$(printf '%-52s' "$name")
  printf '%s' "$label" >&2
  if (cd "$root" && "$@") 2>&1 < /dev/null | tee "$file" | show_progress "$label"; then
    printf 'ok      %4d s\n' $((SECONDS - start)) >&2
    passed=$((passed + 1))
  else
    printf 'FAILED  %4d s\n' $((SECONDS - start)) >&2
    failed=$((failed + 1))
    tail -n 60 "$file" >&2
    hint "the whole output: $file"
    return 1
  fi
}

build_all() { configure "$1" && cmake --build "$root/build/$1" -j "$jobs" -- -k 0; }

run_ctest() { ctest --test-dir "$root/build/$1" -j "$jobs" --timeout 900 --output-on-failure; }

# Counts what GoogleTest counted inside the programs that ctest ran; a program that died counts as one failure.
count_tests() {
  local counts name
  counts=$(awk '
    /^[0-9]+\/[0-9]+ Testing:/ { died = 1 }
    /^\[  PASSED  \] [0-9]+ test/ { passed += $4 }
    /^\[  FAILED  \] [0-9]+ test.*listed below/ { failed += $4; died = 0 }
    /^Test Passed\./ { if (!seen) passed++; seen = 0 }
    /^Test Failed\.|^Test timed out|^Test not run/ { if (died) failed++; seen = 0 }
    /^\[==========\] / { seen = 1 }
    END { print passed + 0, failed + 0 }' "$1")
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
  mapfile -td '' -O "${#failures[@]}" failures < <(tell_failures "$1")
  while read -r name; do skipped+=("$name"); done < <(sed -n 's/^\[  SKIPPED \] \([A-Za-z0-9_/]*\.[A-Za-z0-9_/]*\)$/\1/p' "$1" | sort -u)
}

# What each failed test said, its first lines: the sum at the end is often all that one gets to see of a build machine.
tell_failures() {
  awk '
    function begin(what) { name = what; said = ""; lines = 0; inside = 1 }
    function tell(how) { printf "%s%s\n%s%c", name, how, said, 0; inside = 0; told = 1 }
    /^[0-9]+\/[0-9]+ Testing:/ { program = $3; told = 0 }
    /^Output:/ { begin(program); next } # a program of no GoogleTest tells by itself what failed
    /^\[ RUN      \] / { begin($4); next }
    /^\[==========\] .* ran\./ { if (told) inside = 0; else begin(program); next } # it may still die at its end
    /^\[       OK \] |^\[  SKIPPED \] |^Test Passed\./ { inside = 0 }
    inside && /^\[  FAILED  \] / { name = $4; tell("") }
    inside && /^Test Failed\./ { tell(name == program ? "" : ", which did not end") }
    inside && lines++ < 15 { said = said "    " substr($0, 1, 200) "\n" }' "$1"
}

# The face finders' libraries start threads that the leak checker cannot look into: it dies of them now and then.
run_sanitized_tests() {
  local with_finders='^(detect|cli_tests)$'
  export LLVM_PROFILE_FILE=$root/build/check/profiles/%4m.profraw
  rm -rf "$root/build/check/profiles"
  ctest --test-dir "$root/build/check" -j "$jobs" --timeout 900 --output-on-failure -E "$with_finders" &&
    ASAN_OPTIONS=detect_leaks=0 ctest --test-dir "$root/build/check" -j "$jobs" --timeout 900 --output-on-failure -R "$with_finders"
}

all_tests_with() {
  local preset=$1
  step "tests ($preset)" run_ctest "$preset" || true
  local results=$root/build/$preset/Testing/Temporary/LastTest.log
  [[ ! -f $results ]] || count_tests "$results"
}

shell_is_clean() { shellcheck -x dimple .ci/run tests/*.sh; }

is_formatted() {
  find src apps tests examples -name '*.h' -o -name '*.cc' -o -name '*.c' | grep -v '/node_modules/' |
    xargs clang-format --dry-run --Werror
}

build_fuzzers() { configure fuzz && nice -n 19 cmake --build "$root/build/fuzz" --target fuzzers -j "$jobs" -- -k 0; }

# On what tests leave idle: many of them run alone, or wait. What went wrong is told by the step that builds them again.
build_fuzzers_meanwhile() {
  mkdir -p "$logs"
  (cd "$root" && build_fuzzers) > "$logs/fuzzers-meanwhile.log" 2>&1 < /dev/null &
  fuzzers=$!
  trap 'kill "$fuzzers" 2> /dev/null || true' EXIT # a job in the background does not hear Ctrl-C
}

# Line coverage of src/ from the profiles that the instrumented tests left; the rooms of libtorch are not built there.
print_coverage() {
  local folder=$root/build/check program
  local objects=(-object "$folder/apps/cli/dimple")
  while read -r program; do objects+=(-object "$program"); done < <(find "$folder" -maxdepth 3 -name '*_tests' -type f -perm -u+x)
  llvm-profdata merge -sparse "$folder"/profiles/*.profraw -o "$folder/all.profdata"
  llvm-cov report "${objects[@]:1}" -instr-profile="$folder/all.profdata" \
    -ignore-filename-regex='(_test|_testing|_bench|_fuzz)\.cc$|/tests/|/apps/|^/usr/|/generated/' > "$logs/coverage.txt"
  awk '
    $1 ~ /\.(h|cc)$/ { sub(/^.*src\//, "", $1); split($1, part, "/"); lines[part[1]] += $8; missed[part[1]] += $9; all += $8; open += $9 }
    END {
      for (room in lines) printf "  %-10s %6d lines  %5.1f %%\n", room, lines[room], 100 - 100 * missed[room] / lines[room] | "sort"
      close("sort")
      if (!all) { print "no profile tells of a source"; exit 1 }
      printf "  %-10s %6d lines  %5.1f %%\n", "src/", all, 100 - 100 * open / all
    }' "$logs/coverage.txt"
}

everyday_steps() {
  step "build for RV32" build_all rv32 || true
  step "build, every warning an error, and machine images" build_all ci || return 1
  build_fuzzers_meanwhile
  all_tests_with ci
  step "signature: the same bits on every machine" build/ci/apps/cli/dimple signature --all || true
  wait "$fuzzers" || true
  if step "build the fuzzers" build_fuzzers; then
    step "fuzzing, 6 s each, always the same inputs" tests/fuzz.py --fixed --seconds 6 || true
  fi
}

thorough_steps() {
  step "shellcheck" shell_is_clean || true
  step "clang-format" is_formatted || true
  if step "build with sanitizers and coverage (check)" build_all check; then
    step "tests under sanitizers" run_sanitized_tests || true
    step "line coverage" print_coverage && cat "$logs/line-coverage.log" >&2
  fi
  step "hostile files, 50 of each kind" tests/robustness.py build/ci --files 50 --no-tests || true
  step "clang-tidy" build_tidy || true
}

build_tidy() { configure tidy && cmake --build "$root/build/tidy" --target tidy -j "$jobs" -- -k 0; }

summary() {
  if ((${#skipped[@]})); then
    say "${#skipped[@]} skipped$([[ -n ${DIMPLE_DATA:-} ]] || echo ' (DIMPLE_DATA is not set: tests on real data sets are left out)'):"
    printf '  %s\n' "${skipped[@]}" >&2
  fi
  if ((${#failures[@]})); then
    say "${#failures[@]} failed:"
    printf '  %s' "${failures[@]}" >&2
  fi
  printf '%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0))
}

run_everything() {
  local purpose=test
  case ${1:-} in
    '') ;;
    --all) purpose=all ;;
    *) die "unknown option of test: $1" "known: --all" ;;
  esac
  set_up_for "$purpose"
  # What a cluster or a shell says to its programs, tests say themselves.
  unset -v RANK WORLD_SIZE LOCAL_RANK LOCAL_WORLD_SIZE MASTER_ADDR MASTER_PORT "${!SLURM_@}" "${!OMPI_@}"
  export DIMPLE_SAMPLE=$sample
  if [[ $may_set_up == yes ]]; then step "the sample portrait is there" test -f "$sample" || true; fi
  everyday_steps || true
  [[ $purpose == test ]] || thorough_steps || true
  summary
}
