"""Tests of how Dockerfiles are read; the answers come from Docker's reference."""

import unittest

import dockerfile


class Reading(unittest.TestCase):
    def names(self, text):
        return [(i.line, i.name, i.flags, i.value) for i in dockerfile.stages(text)[-1].instructions]

    def test_lines_that_end_with_a_backslash_go_on_and_comments_within_are_left_out(self):
        text = "FROM a\nRUN one \\\n  # not this\n  && two\n\n# nor this\nuser 1:2\n"
        self.assertEqual(self.names(text), [(2, "RUN", {}, "one   && two"), (7, "USER", {}, "1:2")])

    def test_stages_have_the_names_and_bases_that_arguments_give_them(self):
        text = "ARG BASE=debian:bookworm-slim\nFROM swift:6 AS build\nRUN x\nFROM ${BASE}\nCOPY --from=build /a /b\n"
        for given, base in [({}, "debian:bookworm-slim"), ({"BASE": "debian@sha256:0"}, "debian@sha256:0")]:
            stages = dockerfile.stages(text, given)
            self.assertEqual([(s.base, s.name) for s in stages], [("swift:6", "build"), (base, "1")])
            self.assertEqual(stages[1].instructions[0].flags, {"from": "build"})

    def test_exec_forms_are_lists_and_a_healthcheck_is_its_command(self):
        text = 'FROM a\nENTRYPOINT ["p"]\nHEALTHCHECK --interval=10s --retries=3 CMD ["p", "health"]\n'
        self.assertEqual(
            self.names(text), [(2, "ENTRYPOINT", {}, ["p"]), (3, "HEALTHCHECK", {"interval": "10s", "retries": "3"}, ["p", "health"])])

    def test_what_is_not_understood_is_refused(self):
        for text in [
            "", "RUN x", "FROM a b", "FROM $BASE", "FROM --platform=linux/arm64 a", "FROM a\nADD x y", "FROM a\nVOLUME /x",
            "FROM a\nCOPY --chown=1 x y", "FROM a\nCOPY --link x y", "FROM a\nRUN --mount=type=cache,target=/x y", "FROM a\nRUN <<END\nEND",
            "FROM a\nCMD p", "FROM a\nENTRYPOINT p serve", "FROM a\nHEALTHCHECK NONE", "FROM a\nHEALTHCHECK CMD p health", "FROM a\nCMD []",
            "FROM a\nCMD [p]", "FROM a\nRUN", "FROM a\nRUN\\", "FROM a\nRUN one \\", "FROM a\nRUN one \\\n\ntwo",
            "# escape=`\nFROM a", "ENV a=b\nFROM a", "FROM ${A:-b}",
        ]:
            with self.subTest(text), self.assertRaises(dockerfile.Refused):
                dockerfile.stages(text)

    def test_variables_are_replaced_and_must_be_declared(self):
        self.assertEqual(dockerfile.substitute("/$A/${B}c", {"A": "a", "B": "b"}, 1), "/a/bc")
        for text in ["$C", "${C}", "${A:-b}", "$", "$$"]:
            with self.subTest(text), self.assertRaises(dockerfile.Refused):
                dockerfile.substitute(text, {"A": "a"}, 1)

    def test_arguments_have_the_given_value_or_the_default_or_none(self):
        def value(text, given):
            return dockerfile.argument(dockerfile.Instruction(1, "ARG", {}, text), given)

        self.assertEqual(value("A=b", {}), ("A", "b"))
        self.assertEqual(value("A=b", {"A": "c"}), ("A", "c"))
        self.assertEqual(value("A=", {}), ("A", ""))
        self.assertEqual(value("A", {}), ("A", None))

    def test_durations_are_seconds(self):
        for text, seconds in [("10s", 10), ("1m", 60), ("1m30s", 90)]:
            self.assertEqual(dockerfile.seconds(text), seconds)
        for text in ["", "10", "1h", "s"]:
            with self.subTest(text), self.assertRaises(dockerfile.Refused):
                dockerfile.seconds(text)

    def test_assignments_are_pairs_whose_values_may_be_quoted(self):
        self.assertEqual(dockerfile.assignments('A=1 B="x y"', 1), [["A", "1"], ["B", "x y"]])
        with self.assertRaises(dockerfile.Refused):
            dockerfile.assignments("A 1", 1)


if __name__ == "__main__":
    unittest.main()
