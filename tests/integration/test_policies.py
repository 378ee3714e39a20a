"""Rules that are set for subjects: they warn or refuse, wherever a schema is judged."""
import json

P3 = 'syntax = "proto3";\n'
OLD = P3 + "package shop.v1;\nmessage Order {\n  string name = 1;\n  int32 count = 2;\n}\n"
RENAMED = OLD.replace("string name", "string title")
BAD_NAME = OLD.replace("int32 count = 2;", "int32 count = 2;\n  int32 badName = 3;")


def body(text):
    return {"schemaType": "PROTOBUF", "schema": text}


def rules(registry, place, **members):
    return registry.put(f"/config/{place}", {"rules": members})


def test_a_config_keeps_rules(registry):
    got = rules(registry, "keeps", refuse=["WIRE"], warn=["BASIC", "FILE"], **{"except": ["FIELD_SAME_NAME"]})
    want = {"refuse": ["WIRE"], "warn": ["BASIC", "FILE"], "except": ["FIELD_SAME_NAME"]}
    assert got.status == 200 and got.json == {"rules": want}, got
    assert registry.get("/config/keeps").json == {"compatibilityLevel": "BACKWARD", "rules": want}
    registry.put("/config/keeps", {"compatibility": "NONE"})
    assert registry.get("/config/keeps").json == {"compatibilityLevel": "NONE", "rules": want}
    assert registry.put("/config/keeps", {"rules": None}).status == 200
    assert "rules" not in registry.get("/config/keeps").json


def test_unknown_names_are_refused(registry):
    for members, said in (
        ({"refuse": ["WIRES"]}, 'no rule and no category is called "WIRES" at $.rules.refuse[0]'),
        ({"refuse": "WIRE"}, "expected array at $.rules.refuse"),
        ({"refuse": [1]}, "expected string at $.rules.refuse[0]"),
        ({"deny": ["WIRE"]}, 'rules have "refuse", "warn" and "except", not "deny" at $.rules.deny'),
    ):
        got = rules(registry, "unknown", **members)
        assert got.status == 400 and said in got.json["message"], got
    assert registry.get("/config/unknown").status == 404


def test_a_breaking_rule_refuses(registry):
    """Confluent's rules let a field change its name; JSON does not."""
    rules(registry, "refuses", refuse=["WIRE_JSON"])
    assert registry.register("refuses", OLD).status == 200
    got = registry.register("refuses", RENAMED)
    assert (got.status, got.code) == (409, 40992), got
    assert got.json["message"].startswith(
        'Schema being registered for subject "refuses" breaks rules that are set for it, details: [{errorType:"FIELD_SAME_')
    assert got.json["details"]["rule"] == "FIELD_SAME_JSON_NAME"
    assert got.json["details"]["line"] == 4 and got.json["details"]["hint"]
    assert registry.get("/subjects/refuses/versions").json == [1]
    assert registry.register("refuses", OLD).json["version"] == 1, "repeating is always safe"
    assert registry.register("refuses", RENAMED, query="?force=true").json["version"] == 2


def test_exceptions_and_the_nearest_place(registry):
    rules(registry, "near%2F*", refuse=["WIRE_JSON"])
    rules(registry, "near%2Fb.proto", refuse=["WIRE_JSON"], **{"except": ["FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"]})
    for subject, status in (("near/a.proto", 409), ("near/b.proto", 200)):
        assert registry.register(subject, OLD).status == 200
        assert registry.register(subject, RENAMED).status == status, subject


def test_a_warning_is_told_and_passes(registry):
    rules(registry, "warns", warn=["BASIC"])
    got = registry.post("/schemas/warns", body(BAD_NAME))
    assert got.status == 200, got
    found = [f for f in got.json["findings"] if f["rule"] == "FIELD_LOWER_SNAKE_CASE"]
    assert len(found) == 1 and not found[0]["refuses"]
    assert (found[0]["file"], found[0]["line"], found[0]["column"]) == ("warns", 6, 9), found


def test_what_is_named_twice_refuses_and_is_told_once(registry):
    rules(registry, "twice", refuse=["FIELD_LOWER_SNAKE_CASE"], warn=["BASIC"])
    got = registry.post("/schemas/twice", body(BAD_NAME))
    assert (got.status, got.code) == (409, 40992), got
    told = json.dumps(got.json)
    assert told.count('errorType:\\"FIELD_LOWER_SNAKE_CASE') == 1, told


def test_trials_tell_the_same(registry):
    rules(registry, "trials", refuse=["WIRE_JSON"], warn=["BASIC"])
    registry.register("trials", OLD)
    got = registry.post("/compatibility/subjects/trials/versions?verbose=true", body(RENAMED)).json
    assert got["is_compatible"] is False
    assert any('errorType:"FIELD_SAME_NAME"' in m for m in got["messages"])
    got = registry.post("/compatibility/subjects/trials/versions/1", body(RENAMED)).json
    assert got == {"is_compatible": False}
    got = registry.post("/schemas/trials/compatibility", body(RENAMED)).json
    assert got["is_compatible"] is False
    assert {f["rule"] for f in got["findings"] if f["refuses"]} == {"FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"}
    assert all(f["against"] == 1 for f in got["findings"] if f["refuses"])
    got = registry.post("/schemas/trials/compatibility", body(BAD_NAME)).json
    assert got["is_compatible"] is True
    assert {f["rule"] for f in got["findings"]} == {"FIELD_LOWER_SNAKE_CASE", "PACKAGE_DIRECTORY_MATCH"}
    assert not any(f["refuses"] for f in got["findings"])


def push(registry, files, remove=(), query=""):
    return registry.post(f"/push{query}", {"files": [{"path": p, "content": c} for p, c in files.items()],
                                           "removed": list(remove)})


A = P3 + "package pol.v1;\nmessage A {\n  string a = 1;\n}\nmessage B {\n  string b = 1;\n}\n"
C = P3 + "package pol.v1;\nmessage C {\n  string c = 1;\n}\n"


def test_a_push_is_judged_as_a_whole(registry):
    rules(registry, "pol%2F*", refuse=["PACKAGE"])
    registry.put("/config/pol%2F*", {"compatibility": "NONE"})
    assert push(registry, {"pol/v1/a.proto": A, "pol/v1/c.proto": C}).status == 200
    b = "message B {\n  string b = 1;\n}\n"
    moved = {"pol/v1/a.proto": A.replace(b, ""), "pol/v1/c.proto": C + b}
    got = push(registry, {"pol/v1/a.proto": moved["pol/v1/a.proto"]}, query="?dry_run=true")
    assert (got.status, got.code) == (409, 40992), got
    assert "PACKAGE_MESSAGE_NO_DELETE" in got.json["message"]
    got = push(registry, moved)
    assert got.status == 200, f"a type that moved within its package is still there: {got}"


def test_a_removed_file_is_judged(registry):
    registry.put("/config/gone%2F*", {"compatibility": "NONE", "rules": {"refuse": ["FILE_NO_DELETE"]}})
    assert push(registry, {"gone/a.proto": A.replace("pol", "gone")}).status == 200
    got = push(registry, {}, remove=["gone/a.proto"])
    assert (got.status, got.code) == (409, 40992) and "FILE_NO_DELETE" in got.json["message"], got
    registry.put("/config/gone%2F*", {"rules": None})
    assert push(registry, {}, remove=["gone/a.proto"]).status == 200


def test_the_platform_rules_are_off_until_set(registry):
    text = P3 + "package plat.v1;\nmessage M {\n  string a = 1;\n}\n"
    assert registry.register("plat", text).status == 200
    registry.put("/config/plat2", {"rules": {"refuse": ["COMMENTS"]}})
    got = registry.register("plat2", text)
    assert (got.status, got.code) == (409, 40992)
    documented = text.replace("message M", "// A message.\nmessage M").replace("  string", "  // A text.\n  string")
    assert registry.register("plat2", documented).status == 200
