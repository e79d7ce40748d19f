#!/usr/bin/env bash
# Fetches a public data set from its owner: scripts/fetch_data.sh [--yes] NAME [DIR]
# Prints licence and terms and asks before it downloads into DIR (default: data/NAME); --yes answers. Checks the published
# sums, unpacks archives, then checks the files. Where the owner's terms forbid an automatic download, or there is no direct
# address, it says what to do by hand; run it again on DIR to check what was fetched. What it needs to know is read from
# scenarios/datasets/NAME.toml. Without arguments it lists the names.
# Ends with 0 when the files are there, 1 when something failed, 2 for a wrong command line, 3 when files must be fetched by
# hand.
set -euo pipefail
descriptions=${C2AL_DESCRIPTIONS:-$(cd "$(dirname "$0")/.." && pwd)/scenarios/datasets}

fail() {
  echo "fetch_data.sh: $2" >&2
  exit "$1"
}

names() { for file in "$descriptions"/*.toml; do basename "$file" .toml; done; }

yes=false
arguments=()
for argument in "$@"; do
  case $argument in
    --yes) yes=true ;;
    -*) fail 2 "unknown option '$argument': expected [--yes] NAME [DIR]" ;;
    *) arguments+=("$argument") ;;
  esac
done
if [ ${#arguments[@]} -eq 0 ]; then
  names
  exit 0
fi
[ ${#arguments[@]} -le 2 ] || fail 2 "too many arguments: expected [--yes] NAME [DIR]"
name=${arguments[0]}
directory=${arguments[1]:-data/$name}
description=$descriptions/$name.toml
[[ $name =~ ^[a-z0-9_]+$ && -f $description ]] || fail 2 "unknown data set '$name': expected one of $(names | paste -sd' ')"

# The text of a key of the top level.
text() {
  awk -v key="$1" '/^\[/ { exit } $1 == key && $2 == "=" { sub(/^[^=]*= *"/, ""); sub(/"$/, ""); print }' "$description"
}

# "NAME SHA256 MD5 OPTIONAL" of every table [[WHICH]], "-" for what it lacks. $2 is the key of the name.
entries() {
  awk -v which="[[$1]]" -v key="$2" '
    function flush() { if (inside && value != "") print value, sha256, md5, optional }
    /^\[/ { flush(); inside = $0 == which; value = ""; sha256 = md5 = optional = "-"; next }
    inside && $2 == "=" {
      content = $0; sub(/^[^=]*= *"?/, "", content); sub(/"$/, "", content)
      if ($1 == key) value = content
      if ($1 == "sha256") sha256 = content
      if ($1 == "md5") md5 = content
      if ($1 == "optional") optional = content
    }
    END { flush() }' "$description"
}
described_files() { entries files name; entries joins file; }

# Compares a file's sums with the published ones.
check() {
  local file=$1 kind published found
  for kind in sha256 md5; do
    published=$2
    [ "$kind" = sha256 ] || published=$3
    [ "$published" != - ] || continue
    found=$("${kind}sum" < "$file" | cut -d' ' -f1)
    [ "$found" = "$published" ] || fail 1 "$file: $kind is $found: expected $published; the file is damaged or another one"
    echo "$file: $kind as published"
  done
}

# Unpacks an archive, those inside it too; other files are left alone.
unpack() {
  local inside=$directory/.unpacked inner
  mkdir -p "$inside"
  case $1 in
    *.zip) python3 -m zipfile -e "$1" "$inside" ;;
    *.tar.gz) tar -xzf "$1" -C "$inside" ;;
    *) rmdir "$inside" && return ;;
  esac
  while read -r inner; do
    case $inner in
      *.zip) python3 -m zipfile -e "$inner" "$inside" ;;
      *.tar.gz) tar -xzf "$inner" -C "$inside" ;;
    esac
  done < <(find "$inside" -name '*.zip' -o -name '*.tar.gz')
  find "$inside" -type f -exec mv -f {} "$directory" \;
  rm -r "$inside"
}

# Checks the files that are there and names those that are not.
check_files() {
  missing=()
  local file sha256 md5 optional found
  while read -r file sha256 md5 optional; do
    found=$(find "$directory" -maxdepth 1 -name "$file" | sort | head -n 1)
    if [ -n "$found" ]; then
      check "$found" "$sha256" "$md5"
    elif [ "$optional" = true ]; then
      echo "$directory: without $file, which is optional"
    else
      missing+=("$file")
    fi
  done < <(described_files)
}

echo "$name: $(text summary)"
echo "licence: $(text licence)"
[ -z "$(text terms)" ] || echo "terms: $(text terms)"
echo "home: $(text home)"
echo "please cite: $(text citation)"

if [ -d "$directory" ]; then
  check_files
  if [ ${#missing[@]} -eq 0 ]; then
    echo "$directory: complete"
    exit 0
  fi
fi
if [ -z "$(entries downloads url)" ]; then
  echo "By hand: follow the terms above, put the files into $directory and run this again to check them:"
  described_files | cut -d' ' -f1 | sed 's/^/  /'
  exit 3
fi
if ! $yes; then
  read -r -p "Download into $directory under these terms? [y/N] " answer || answer=
  case $answer in y | Y | yes) ;; *) fail 1 "nothing was downloaded" ;; esac
fi
mkdir -p "$directory"
while read -r url sha256 md5 _; do
  file=$directory/$(basename "${url//+/_}")
  curl --fail --location --silent --show-error --output "$file.part" "$url" ||
    fail 1 "$url: the download failed; get it from $(text home)"
  check "$file.part" "$sha256" "$md5"
  mv "$file.part" "$file"
  unpack "$file"
done < <(entries downloads url)
check_files
[ ${#missing[@]} -eq 0 ] || fail 1 "$directory: still without ${missing[*]}; get it from $(text home)"
echo "$directory: complete"
