#!/bin/sh
# Fails if a catalogue in reports/po lacks a text of the sources, has one that is only guessed (fuzzy) or that no source
# uses any more, or has one that gettext refuses. Says which.
#
# usage: check-catalogue.sh             check, change nothing
#        check-catalogue.sh --refresh   bring the catalogues up to date; new texts are left empty, old ones are dropped

cd "$(dirname "$0")/../.." || exit 1
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Programs of the lessons are for students and have no texts of ours.
{
	find harness netns reports -name '*.c'
	find labs -name lesson.c -o -name 'checks*.c'
} | sort >"$work/sources"
xgettext --from-code=UTF-8 --language=C -k_ -kN_ -kngettext:1,2 --sort-by-file --add-location=file \
	--package-name=wirelab -f "$work/sources" -o "$work/texts.pot" || exit 1
# A date would change the catalogues whenever they are refreshed.
sed -i '/^"POT-Creation-Date/d' "$work/texts.pot"

# merge CATALOGUE OUT
merge()
{
	msgmerge --quiet --no-fuzzy-matching --sort-by-file --add-location=file -o "$2" "$1" "$work/texts.pot" || exit 1
}

# complain WORDS OPTION...: name the messages of the catalogue that msgattrib OPTION... finds.
complain()
{
	words=$1
	shift
	msgattrib --no-wrap "$@" -o "$work/found" "$work/merged" || exit 1
	[ -s "$work/found" ] || return 0
	echo "check-catalogue: $po: $words:" >&2
	# The first block is the header.
	sed '1,/^$/d; s/^/    /' "$work/found" >&2
	bad=1
}

bad=0
for po in reports/po/*.po; do
	[ -e "$po" ] || continue
	if [ "${1-}" = --refresh ]; then
		merge "$po" "$work/merged"
		msgattrib --no-obsolete --sort-by-file --add-location=file -o "$po" "$work/merged" || exit 1
		msgfmt --statistics -o /dev/null "$po"
		continue
	fi
	rm -f "$work/merged" "$work/found"
	msgfmt --check -o /dev/null "$po" || bad=1
	merge "$po" "$work/merged"
	complain "not translated" --no-obsolete --untranslated
	rm -f "$work/found"
	complain "only guessed (fuzzy)" --no-obsolete --only-fuzzy
	rm -f "$work/found"
	complain "used nowhere" --only-obsolete
done
[ "$bad" = 0 ] || echo 'check-catalogue: "make po" brings the catalogues up to date; then translate what is new' >&2
exit "$bad"
