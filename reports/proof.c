/*
 * The matrix: what proves each requirement. A requirement is proved when there is a wrong program for it, all of them failed it in every
 * round, and no null program passed it.
 */
#include "reports/proof.h"

#include <string.h>

#include "harness/base/text.h"

struct tally {
	size_t proved, wrong, notrun, missing; /* results, and rounds in which there is none */
};

static void count(const struct proof_report *report, const char *kind, const char *name, struct tally *tally)
{
	for (unsigned int round = 1; round <= report->rounds; round++) {
		const struct proof_result *result = proof_results_find(report->results, round, kind, name);

		tally->missing += !result;
		tally->proved += result && result->outcome == PROOF_PROVED;
		tally->wrong += result && result->outcome == PROOF_WRONG;
		tally->notrun += result && result->outcome == PROOF_NOTRUN;
	}
}

/* 1: it came out as it must, 0: it did not, -1: it could not be run here. */
static int settled(const struct tally *tally)
{
	return tally->wrong || tally->missing ? 0 : tally->notrun ? -1 : 1;
}

/* As settled() of one program. */
static int program_settled(const struct proof_report *report, const char *kind, const char *name)
{
	struct tally tally = { 0 };

	count(report, kind, name, &tally);
	return settled(&tally);
}

static const char *mark(const struct proof_report *report, bool good)
{
	if (!report->colour)
		return good ? "✔" : "✘";
	return good ? "\033[32m✔\033[0m" : "\033[31m✘\033[0m";
}

/* The nulls that were tried on R, by the results of round 1. */
static void count_nulls(const struct proof_report *report, const struct wl_requirement *r, struct tally *tally)
{
	for (size_t i = 0; i < report->results->count; i++) {
		const struct proof_result *result = &report->results->rows[i];

		if (strcmp(result->kind, "null") != 0 || strcmp(result->requirement, r->id) != 0)
			continue;
		tally->proved += result->outcome == PROOF_PROVED;
		tally->wrong += result->outcome != PROOF_PROVED;
	}
}

/* A line on R, if something of it was tried. Returns false when it is not proved. */
static bool requirement(FILE *out, const struct proof_report *report, const struct wl_requirement *r)
{
	size_t wanted = 0, proved = 0;
	struct tally nulls = { 0 };
	bool good;

	for (size_t i = 0; i < report->mutants->count; i++) {
		const struct proof_row *row = &report->mutants->rows[i];

		if (strcmp(row->requirement, r->id) != 0 || !report->wants(report->context, row))
			continue;
		wanted++;
		proved += program_settled(report, "mutant", row->folder) != 0;
	}
	count_nulls(report, r, &nulls);
	if (!wanted && !nulls.proved && !nulls.wrong)
		return true;
	good = proved == wanted && !nulls.wrong && (wanted || !r->points);
	fprintf(out, "  %s %-34s ", mark(report, good), r->id);
	if (wanted)
		fprintf(out, "%zu/%zu\n", proved, wanted);
	else
		fprintf(out, "%s\n", r->points ? _("no wrong program") : _("advice"));
	return good;
}

static bool matrix(FILE *out, const struct proof_report *report)
{
	bool good = true;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			good = requirement(out, report, r) && good;
	return good;
}

struct sum {
	size_t wanted, proved, notrun, labels, labelled;
};

static struct sum sum_up(const struct proof_report *report, const char *kind, const struct proof_table *table)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < table->count; i++) {
		const struct proof_row *row = &table->rows[i];
		const struct proof_result *last = proof_results_find(report->results, 0, kind, row->folder);
		int came_out;

		if (!report->wants(report->context, row))
			continue;
		came_out = program_settled(report, kind, row->folder);
		sum.wanted++;
		sum.proved += came_out > 0;
		sum.notrun += came_out < 0;
		if (row->label && strcmp(row->label, "-") != 0) {
			sum.labels++;
			sum.labelled += last && proof_label_fits(row->label, last->label);
		}
	}
	return sum;
}

/* What is wrong in any round, a line each. */
static void faults(FILE *out, const struct proof_report *report)
{
	for (size_t i = 0; i < report->results->count; i++) {
		const struct proof_result *result = &report->results->rows[i];

		if (result->outcome == PROOF_WRONG && result->round <= report->rounds)
			fprintf(out, _("%s %s %s, round %u, seed %llu: %s\n"), mark(report, false), result->kind, result->name,
				result->round, (unsigned long long)result->seed, result->words);
	}
}

/* How many programs had other verdicts in some round than in the first; a line each. */
static size_t differences(FILE *out, const struct proof_report *report)
{
	size_t differing = 0;

	for (size_t i = 0; i < report->results->count; i++) {
		const struct proof_result *first = &report->results->rows[i];

		for (unsigned int round = 2; first->round == 1 && round <= report->rounds; round++) {
			const struct proof_result *other = proof_results_find(report->results, round, first->kind, first->name);

			if (!other || strcmp(first->verdicts, other->verdicts) == 0)
				continue;
			differing++;
			fprintf(out, _("%s %s %s: %s in round 1, %s in round %u\n"), mark(report, false), first->kind,
				first->name, first->verdicts, other->verdicts, round);
			break;
		}
	}
	return differing;
}

static struct tally all_nulls(const struct proof_report *report)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < report->results->count; i++)
		if (strcmp(report->results->rows[i].kind, "null") == 0) {
			tally.proved += report->results->rows[i].outcome == PROOF_PROVED;
			tally.wrong += report->results->rows[i].outcome != PROOF_PROVED;
		}
	return tally;
}

bool report_proof(FILE *out, const struct proof_report *report)
{
	bool good = matrix(out, report);
	struct sum mutants = sum_up(report, "mutant", report->mutants);
	struct sum variants = sum_up(report, "variant", report->variants);
	struct tally nulls = all_nulls(report);
	size_t differing;

	fputs("\n", out);
	faults(out, report);
	differing = differences(out, report);
	fprintf(out, _("wrong programs: %zu of %zu fail what they must and nothing else; bytes explained: %zu of %zu\n"), mutants.proved,
		mutants.wanted, mutants.labelled, mutants.labels);
	fprintf(out, _("right programs: %zu of %zu pass"), variants.proved, variants.wanted - variants.notrun);
	fprintf(out, variants.notrun ? _("; %zu not run: their interpreter is missing here\n") : "\n", variants.notrun);
	fprintf(out, _("programs that do nothing: %zu of %zu trials pass no requirement\n"), nulls.proved, nulls.proved + nulls.wrong);
	if (report->rounds > 1)
		fprintf(out, _("%u rounds: %zu programs had verdicts that differ\n"), report->rounds, differing);
	return good && mutants.proved + mutants.notrun == mutants.wanted &&
		variants.proved + variants.notrun == variants.wanted && !nulls.wrong && !differing;
}
