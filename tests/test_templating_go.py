"""The Go template language beyond the conformance data: scopes, places of errors, limits, roots."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from templates import render_go

from doit_score.templating import limits
from doit_score.templating.errors import TemplateError
from doit_score.templating.functions import Function
from doit_score.templating.go.compile import compile_fresh, compile_go
from doit_score.templating.roots import patch_root, provisioner_root
from doit_score.templating.values import Func, Struct, TypedList, TypedMap


def failure(source: str, data: object = None, root: str = "map") -> TemplateError:
    with pytest.raises(TemplateError) as error:
        render_go(source, data if data is not None else {}, root)
    return error.value


class Recorder(dict[str, object]):
    """A dict that knows only by its methods what it holds."""

    def __init__(self, content: dict[str, object]) -> None:
        super().__init__()
        self.content = content
        self.read: list[str] = []

    def __getitem__(self, key: str) -> object:
        self.read.append(key)
        return self.content[key]

    def get(self, key: str, default: object = None) -> object:
        self.read.append(key)
        return self.content.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self.content

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)


class Counter(Struct):
    """A struct with methods."""

    def method(self, name: str) -> Function | None:
        if name == "Add":
            return Function("Add", lambda *numbers: sum(numbers), ("int",), variadic=True)
        if name == "Zero":
            return Function("Zero", lambda: 0, ())
        if name == "Fail":
            return Function("Fail", lambda: 1 // 0, ())
        return None


# -- variables


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{$x := 1}}{{with 2}}{{$x = .}}{{end}}{{$x}}", "2"),
        ("{{$x := 1}}{{with $x := 2}}{{$x}}{{end}}{{$x}}", "21"),
        ("{{$x := 1}}{{$x := print $x 2}}{{$x}}", "1 2"),
        ("{{$x := 0}}{{if false}}{{$x := 1}}{{else}}{{$x}}{{end}}", "0"),
        ("{{if $x := 0}}{{else if $y := 1}}{{$x}}{{$y}}{{end}}", "01"),
        ("{{if $x := 0}}a{{else if 0}}b{{else}}{{$x}}{{end}}", "0"),
        ("{{with 0}}{{else with 1}}{{.}}{{end}}", "1"),
        ("{{print ($y := 3) $y}}{{$y}}", "3 33"),
        ("{{$i := 9}}{{$v := 9}}{{range $i, $v = .l}}{{end}}{{$i}}{{$v}}", "1b"),
        ("{{$v := 9}}{{range $v = .l}}{{$v}}{{end}}{{$v}}", "abb"),
        ("{{range $i, $v := .l}}{{$i}}{{range $i, $v := $.l}}{{$v}}{{end}}{{$v}}{{end}}", "0aba1abb"),
        ("{{$ := 5}}{{$}}", "5"),
        ('{{define "t"}}{{$x := .}}{{$x}}{{end}}{{$x := 1}}{{template "t" 2}}{{$x}}', "21"),
        ('{{template "t" $x := 3}}{{$x}}{{define "t"}}[{{.}}]{{end}}', "[3]3"),
    ],
)
def test_variables_are_scoped(source: str, expected: str) -> None:
    assert render_go(source, {"l": ["a", "b"]}) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{$x}}", "the variable $x is not declared here"),
        ("{{if true}}{{$x := 1}}{{end}}{{$x}}", "the variable $x is not declared here"),
        ('{{$x := 1}}{{define "t"}}{{$x}}{{end}}', "the variable $x is not declared here"),
        ("{{$x = 1}}", "the variable $x is not declared here: expected :="),
        ("{{$x := $x}}", "the variable $x has no value yet"),
        ("{{or 1 ($x := 1)}}{{$x}}", "the variable $x has no value yet"),
        ("{{if false}}{{$x := 1}}{{else}}{{$x}}{{end}}", "the variable $x has no value yet"),
    ],
)
def test_variables_without_value_are_errors(source: str, message: str) -> None:
    assert failure(source).message == message


# -- control


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{range .l}}{{if eq . 2}}{{break}}{{end}}{{.}}{{else}}e{{end}}", "1"),
        ("{{range .l}}{{range $.l}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}};{{end}}", "13;13;13;"),
        ("{{range .l}}{{range .}}x{{else}}{{continue}}{{end}}y{{end}}", "xyxxyxxxy"),
        ("{{range .z}}{{range .}}x{{else}}{{continue}}{{end}}y{{end}}", "xy"),
        ("{{range .l}}{{with .}}{{if eq . 2}}{{break}}{{end}}{{end}}{{.}}{{end}}", "1"),
        ('{{range int64 2}}{{printf "%T" .}}{{end}}', "int64int64"),
        ("{{range $i := 2}}{{$i}}{{.}}{{end}}", "0011"),
        ("{{range .none}}a{{else}}b{{end}}", "b"),
        ("{{range $k, $v := .m}}{{$k}}{{$v}}{{end}}", "1a2b"),
        ("{{if .l}}{{else if .m}}{{else}}{{end}}x", "x"),
        ("{{with $x := .l}}{{len $x}}{{len .}}{{end}}", "33"),
    ],
)
def test_control(source: str, expected: str) -> None:
    data = {"l": [1, 2, 3], "z": [0, 1], "m": {2: "b", 1: "a"}, "none": None}
    assert render_go(source, data) == expected


def test_templates_are_defined_anywhere_and_nested() -> None:
    assert (
        render_go('{{template "a" 1}}{{define "a"}}<{{template "b" .}}>{{end}}{{define "b"}}{{.}}{{end}}', {})
        == "<1>"
    )
    assert render_go('{{block "a" .x}}[{{.}}]{{end}}', {"x": 1}) == "[1]"
    assert render_go('{{define "a"}}{{end}}{{block "a" .}}x{{end}}', {}) == "x"
    assert render_go('{{define ""}}x{{end}}', {}) == "x"
    assert (
        failure('{{define "a"}}1{{end}}{{block "a" .}}2{{end}}').message
        == "the template 'a' is defined twice"
    )
    assert failure('{{define ""}}1{{end}}2').message == "the main template is defined twice"
    assert failure('{{template "a"}}').message == "the template 'a' is not defined"
    assert render_go('{{if false}}{{template "a"}}{{end}}ok', {}) == "ok"


# -- data


def test_dicts_are_read_through_their_methods() -> None:
    data = Recorder({"a": Recorder({"b": 1}), "m": Recorder({"y": 2, "x": 1}), "n": 3})
    assert (
        render_go('{{.a.b}} {{index .a "b"}} {{range $k, $v := .m}}{{$k}}{{$v}}{{end}}', data) == "1 1 x1y2"
    )
    assert data.read == ["a", "a", "m"]
    assert (
        render_go('{{.m}} {{len .m}} {{hasKey .m "x"}} {{with .zz}}{{end}}', data) == "map[x:1 y:2] 2 true "
    )
    assert "n" not in data.read


def test_keys_that_are_no_strings() -> None:
    data = {1: "one", "a": "A", None: "nil"}
    assert render_go('{{index . 1}}{{index . "a"}}{{.a}}', data) == "oneA" + "A"
    assert failure("{{index . (list 1)}}x", {"a": 1}).message == (
        "index: the keys of this map are strings, found []interface {}"
    )


def test_times_print_and_have_methods() -> None:
    moment = datetime(2024, 2, 29, 12, 30, tzinfo=timezone.utc)
    assert render_go("{{.}}", moment) == "2024-02-29 12:30:00 +0000 UTC"
    assert render_go('{{eq . .}} {{.Year}} {{.Format "2006"}}', moment) == "true 2024 2024"
    assert failure("{{.Nope}}", moment).message == "cannot read the field 'Nope' of a value of type time.Time"


def test_methods_take_arguments() -> None:
    data = {"c": Counter("main.Counter", {"X": 1})}
    assert (
        render_go("{{.c.Zero}} {{.c.Add 1 2}} {{3 | .c.Add 1}} {{$c := .c}}{{$c.Add}} {{(.c).Add 2}}", data)
        == "0 3 4 0 2"
    )
    assert render_go("{{.c.X}} {{print .c.Zero}} {{.missing.Add 1}}", data) == "1 0 <no value>"
    assert failure('{{.c.Add "a"}}', data).message == "Add: expected int, found string"
    assert failure("{{.c.Zero 1}}", data).message == "Zero: expected 0 arguments, found 1"
    assert failure("{{.c.Fail}}", data).message == "Fail: the call failed (ZeroDivisionError)"
    assert failure("{{.c.X 1}}", data).message == "X is no method, so it takes no arguments"
    assert failure("{{.c.Y 1}}", data).message == "there is no field 'Y' here: the fields are X"


def test_functions_as_values() -> None:
    upper = Function("up", str.upper, ("string",))
    data = {
        "f": Func(upper),
        "g": Func(Function("g", lambda *values: len(values), ("int", "any"), variadic=True)),
    }
    assert render_go('{{call .f "a"}}{{call .g 1 2 3}}{{if .f}}y{{end}}', data) == "A3y"
    assert failure("{{.f}}", data).message == "a function cannot be printed"
    assert failure("{{call .f}}", data).message == "call: up: expected 1 argument, found 0"
    assert failure("{{call .f 1}}", data).message == "call: expected string, found int"


def test_bytes_that_are_no_text() -> None:
    assert render_go('{{"\\xc3"}}{{"\\xa9"}}', {}) == "é"
    assert render_go('{{"\\xc3"}}', {}) == "\ufffd"
    assert render_go('{{index "é" 0}} {{len "é"}} {{js "a\\x80"}}', {}) == "195 2 a\ufffd"


def test_typed_nothing_is_nil_where_the_type_has_nil() -> None:
    assert render_go('{{keys .missing}}{{hasKey .missing "a"}}', {}) == "[]false"
    assert (
        failure("{{keys .null}}", {"null": None}).message
        == "keys: expected map[string]interface {}, found nil"
    )
    assert render_go("{{keys (.null)}}", {"null": None}) == "[]"
    assert (
        render_go(
            "{{eq .t .n}} {{eq .t nil}} {{eq .e nil}}",
            {"t": TypedMap("int", nil=True), "n": None, "e": TypedList("int")},
        )
        == "true true false"
    )


def test_structs_compare_by_their_fields() -> None:
    ports = {
        "a": Struct("main.P", {"X": 1}),
        "b": Struct("main.P", {"X": 1}),
        "c": Struct("main.Q", {"X": 1}),
    }
    assert render_go("{{eq .a .b}} {{eq .a .c}} {{ne .a .b}}", ports) == "true false false"
    assert failure("{{eq .a .a}}", {"a": Struct("main.P", {"X": []})}).message == (
        "eq: cannot compare main.P with main.P"
    )


# -- roots


def test_the_provisioner_root_has_fixed_fields() -> None:
    root = provisioner_root({"Uid": "a", "WorkloadServices": {"w": {"ServiceName": "s", "Ports": None}}})
    template = compile_go('{{.Uid}}{{.Class}}{{.Params.a.b}}{{(index .WorkloadServices "x").ServiceName}}')
    assert template.render(root) == "a<no value>"
    error = failure("a\n  {{ .uid }}", {"Uid": "a"}, "provisioner")
    assert (error.line, error.column, error.source_line) == (2, 6, "  {{ .uid }}")
    assert error.message == (
        "there is no field 'uid' here: the fields are Class, ComposeProjectName, Id, Init, Metadata, "
        "MountsDirectory, Params, Shared, SourceWorkload, State, Type, Uid, WorkloadServices"
    )
    assert compile_go("{{.}}").render(provisioner_root({})) == "{    map[] map[] map[] map[] map[]  map[]}"


def test_the_patch_root_has_two_fields() -> None:
    assert (
        compile_go("{{.Compose}} {{.Workloads.w}}").render(patch_root({"Workloads": {"w": 1}})) == "map[] 1"
    )
    assert (
        failure("{{.x}}", {}, "patch").message
        == "there is no field 'x' here: the fields are Compose, Workloads"
    )


# -- no value


def test_places_that_print_no_value_are_collected() -> None:
    places: list[tuple[int, int, str]] = []
    template = compile_go("{{ .a }}\n  {{ .b.c | default .d }}{{ .b }}{{ print .x }}{{ .a }}")
    assert template.render({"a": 1, "b": None} | {"b": {}}, no_value=places) == "1\n  <no value>map[]<nil>1"
    assert places == [(2, 6, ".b.c | default .d")]
    assert compile_go("{{.n}}").render({"n": None}, no_value=places) == "<no value>"
    assert places[1:] == [(1, 3, ".n")]


# -- errors


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ("{{ .s.x }}", (1, 4), "cannot read the field 'x' of a value of type string"),
        ("{{ .n.x }}", (1, 4), "cannot read the field 'x' of a null value"),
        ("a\nb {{ upper 1 }}", (2, 12), "upper: expected string, found 1"),
        ("{{ 1 | upper }}", (1, 8), "upper: expected string, found int"),
        ("{{ .missing | upper }}", (1, 15), "upper: expected string, found no value"),
        ("{{ upper .n }}", (1, 10), "upper: expected string, found nil"),
        ("{{ unixEpoch .missing }}", (1, 14), "unixEpoch: expected time.Time, found no value"),
        ("{{ upper nil }}", (1, 10), "upper: expected string, found nil"),
        ("{{ upper true }}", (1, 10), "upper: expected string, found a bool"),
        ('{{ trunc "1" "a" }}', (1, 10), "trunc: expected int, found a string"),
        ("{{ upper }}", (1, 4), "upper: expected 1 argument, found 0"),
        ("{{ 1 | upper 2 }}", (1, 8), "upper: expected 1 argument, found 2"),
        ("{{ index }}", (1, 4), "index: expected at least 1 argument, found 0"),
        ("{{ or }}", (1, 4), "or: expected at least 1 argument, found 0"),
        ('{{ eq 1 "a" }}', (1, 4), "eq: cannot compare int with string"),
        ("{{ eq 1 }}", (1, 4), "eq: missing argument for comparison"),
        ("{{ lt true false }}", (1, 4), "lt: cannot order bool"),
        ("{{ lt 1 nil }}", (1, 4), "lt: cannot order nil"),
        ("{{ index .l 5 }}", (1, 4), "index: index 5 is out of range: there are 2 elements"),
        ('{{ index .l "a" }}', (1, 4), "index: expected an int as index, found string"),
        ("{{ index 1 2 }}", (1, 4), "index: expected a list, map or string to index, found int"),
        ("{{ len 1 }}", (1, 4), "len: expected a string, list or map, found int"),
        ('{{ fail "no" }}', (1, 4), "fail: no"),
        ("{{ 1 2 }}", (1, 4), "1 is no function, so it takes no arguments"),
        ("{{ nil }}", (1, 4), "nil alone is no value to print or to pass on"),
        ("{{ range 1.5 }}{{ end }}", (1, 10), "expected a list, map or int to range over, found float64"),
        ("{{ range $i, $v := 3 }}{{ end }}", (1, 10), "a range over a number has one variable"),
        ("{{ 99999999999999999999 }}", (1, 4), "99999999999999999999 is too large for an integer"),
        ("{{ 9223372036854775808 }}", (1, 4), "9223372036854775808 does not fit into an int"),
        ("{{ nosuch 1 }}", (1, 4), "there is no function 'nosuch'; did you mean 'nospace'?"),
        ("{{ if }}", (1, 7), "missing value for if"),
        ("{{ if 1 }}", (1, 4), "this if has no {{end}}"),
        ("{{ end }}", (1, 1), "unexpected {{end}}: no if, with, range or define is open"),
        ("{{ range .l }}{{ else if 1 }}{{ end }}", (1, 23), "range has no {{else if}}"),
        ("{{ if 1 }}{{ else }}{{ else }}{{ end }}", (1, 4), "this if has a second {{else}}"),
        (
            '{{ define "a" }}{{ else }}{{ end }}',
            (1, 4),
            "this define has an {{else}}: only if, with and range may have one",
        ),
        ("{{ break }}", (1, 4), "{{break}} outside of a range"),
        ("{{ continue 1 }}", (1, 13), "unexpected 1 in {{continue}}"),
        ("{{ .a", (1, 6), "expected }}, found the end of the template"),
        ('{{ "a }}', (1, 4), "this quoted string has no end"),
        ('{{ "\\q" }}', (1, 4), "unknown escape \\q"),
        ('{{ "\\777" }}', (1, 4), "the escape \\777 is no byte"),
        ('{{ "\\ud800" }}', (1, 4), "the escape \\ud800 is no character"),
        ("{{ 'ab' }}", (1, 4), "'ab' is not one character"),
        ("{{/* a", (1, 1), "this comment has no end"),
        ("{{/* a */ x}}", (1, 10), "a comment must be alone in its action: expected }} after */"),
        ("{{ (1 }}", (1, 7), "expected ) before }}"),
        ("{{ 1) }}", (1, 5), "this ) closes nothing"),
        ("{{ 1 | 2 }}", (1, 8), "stage 2 of this pipeline is no function: nothing can be piped to it"),
        ("{{ $x, $y := 1 }}", (1, 4), "too many variables for an action: one is allowed, two for range"),
        ("{{ range $x, 1 }}{{ end }}", (1, 14), "expected a second variable for range after the comma"),
        ("{{ 1.x }}", (1, 4), "1.x is no number"),
        ('{{ "a".x }}', (1, 7), '"a" has no fields'),
        ("{{ .a-b }}", (1, 4), "'-' cannot be part of the name .a"),
        ("{{ .a☃ }}", (1, 4), "'☃' cannot be part of the name .a"),
        ("{{ ☃ }}", (1, 4), "unexpected character '☃'"),
        ("{{ nil.x }}", (1, 7), "nil has no fields"),
        ("{{ template }}", (1, 13), "unexpected }} in a template clause"),
        ("{{ define 1 }}{{ end }}", (1, 11), "unexpected 1 in a define clause"),
        ("{{ x := 1 }}", (1, 4), "there is no function 'x'"),
        ("{{ : }}", (1, 4), "expected := after a variable"),
        ("{{ 0x }}", (1, 4), "0x is no number"),
        ("{{ 1__0 }}", (1, 4), "1__0 is no number"),
        ("{{ 1+2 }}", (1, 4), "1+ is no number"),
    ],
)
def test_errors_say_where_and_what(source: str, place: tuple[int, int], message: str) -> None:
    error = failure(source, {"s": "x", "n": None, "l": [1, 2]})
    assert ((error.line, error.column), error.message) == (place, message)
    assert error.source_line == source.splitlines()[place[0] - 1]


def test_an_error_prints_with_its_line() -> None:
    error = failure("a\n  b: {{ .s.x }}\r\n", {"s": "x"})
    assert str(error) == (
        "line 2, column 9: cannot read the field 'x' of a value of type string\n  | b: {{ .s.x }}"
    )
    (problem,) = error.problems
    assert (problem.line, problem.column) == (2, 9)


def test_mistakes_in_branches_that_do_not_run_are_no_errors() -> None:
    assert (
        render_go("{{if false}}{{upper}}{{upper 1}}{{index .l 9}}{{9223372036854775808}}{{end}}ok", {})
        == "ok"
    )


# -- limits


def test_runaway_templates_end() -> None:
    source = '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}'
    assert failure(source).message == f"templates call each other more than {limits.DEPTH} levels deep"
    assert failure("{{range 100000000}}{{end}}").message == (
        f"more than {limits.STEPS} turns of loops, calls and elements written or compared"
    )
    source = '{{$x := "xxxxxxxxxxxxxxxx"}}{{range 60}}{{$x = print $x $x}}{{end}}'
    assert (
        failure(source).message
        == f"print: all texts and lists together are larger than {limits.WORK} characters"
    )
    source = '{{$x := printf "%9999s" "x"}}{{range 100000}}{{$x}}{{end}}'
    assert failure(source).message == f"the output is larger than {limits.TEXT} characters"
    source = "{{range 1000000}}" + "x" * 1000 + "{{end}}"
    assert failure(source).message == f"the output is larger than {limits.TEXT} characters"


def test_nesting_is_limited() -> None:
    deep = limits.DEPTH + 1
    assert failure("{{" + "(" * deep + "1" + ")" * deep + "}}").message == "nested more than 100 levels deep"
    assert failure("{{if 1}}" * deep + "{{end}}" * deep).message == "nested more than 100 levels deep"
    assert render_go("{{" + "(" * 99 + "1" + ")" * 99 + "}}", {}) == "1"
    assert render_go("{{if 1}}" * 99 + "x" + "{{end}}" * 99, {}) == "x"
    assert failure('{{$d := dict}}{{$_ := set $d "d" $d}}\n{{$d}}').message == (
        "the value is nested too deeply to be printed"
    )


def test_long_chains_of_else_if_are_not_deep() -> None:
    source = "{{if 0}}" + "".join(f"{{{{else if eq . {n}}}}}{n}" for n in range(500)) + "{{end}}"
    assert render_go(source, 499) == "499"


# -- cache and environment


def test_templates_are_compiled_once() -> None:
    assert compile_go("{{.a}}") is compile_go("{{.a}}")
    assert compile_fresh("{{.a}}") is not compile_go("{{.a}}")


def test_impure_functions_are_called_each_time() -> None:
    template = compile_go("{{randAlphaNum 20}}")
    assert template.render({}) != template.render({})


def test_hermetic_rendering_sees_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_VAR", "value")
    template = compile_go('{{env "SOME_VAR"}}')
    assert template.render({}) == "value"
    with pytest.raises(TemplateError):
        template.render({}, hermetic=True)
    assert template.render({}) == "value"


def test_data_is_not_changed_by_rendering() -> None:
    data = {"a": {"b": [1, 2]}}
    render_go("{{$x := 1}}{{range .a.b}}{{$x = .}}{{end}}{{.a.c}}{{merge (dict) .a}}", data)
    assert data == {"a": {"b": [1, 2]}}
