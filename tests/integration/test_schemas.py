"""The tree under schemas/, judged by stock protoc, buf and the platform's own rules.

What is fixed is written down here once more, in the notation of a field list, and compared field
for field. The rows of schemas/stele.yaml are held to be exact: each excuses something that a rule
finds, and nothing that a rule finds is left without a row.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules"))
PROTOC = os.environ.get("STELE_PROTOC", str(NPM / "protoc/bin/protoc-linux-x86_64"))
BUF = NPM / f"@bufbuild/buf-linux-{'x64' if os.uname().machine == 'x86_64' else 'aarch64'}/bin/buf"
GOOGLE = NPM / "google-proto-files"

FILES = {
    "stele": ["options"],
    "common": ["base", "timestamp", "money", "user", "tick-data", "user-context", "api-response",
               "error-types", "pagination"],
    "trading": ["market_data", "orders", "positions", "risk", "portfolio", "signals",
                "risk-metrics", "backtest-results"],
    "ai": ["predictions", "features", "models"],
    "ml": ["features", "predictions", "model-metadata", "training-data"],
    "business": ["user-management", "subscription", "notifications", "analytics"],
    "system": ["config", "health", "audit"],
}
PATHS = sorted(f"{folder}/{name}.proto" for folder, names in FILES.items() for name in names)
PACKAGES = {path: path.split("/")[0] + ".v1" for path in PATHS} | {
    "stele/options.proto": "stele",
    "common/tick-data.proto": "aitrading.common",
    "common/user-context.proto": "aitrading.common",
    "trading/signals.proto": "aitrading.trading",
}
PLAIN = [p for p in PATHS if not p.startswith("system/")]  # need nothing but schemas/

# Never to change, in a field or in anything else.
FIXED_MESSAGES = {
    "aitrading.common.TickData": """string symbol=1; double bid=2; double ask=3; double last=4;
        int64 volume=5; int64 timestamp=6; double spread=7""",
    "aitrading.common.BatchTickData": """repeated aitrading.common.TickData ticks=1;
        string user_id=2; int32 batch_id=3; int64 batch_timestamp=4;
        aitrading.common.QualityMetrics quality=5""",
    "aitrading.common.QualityMetrics": """int32 validation_passed=1; int32 validation_failed=2;
        double processing_time_ms=3""",
    "aitrading.trading.TradingSignal": """string symbol=1; aitrading.trading.SignalType type=2;
        double confidence=3; double target_price=4; double stop_loss=5; double take_profit=6;
        int64 timestamp=7; string agent_source=8; aitrading.trading.ModelPrediction ml_data=9""",
    "aitrading.trading.ModelPrediction": """string model_id=1; string model_version=2;
        double accuracy_score=3; repeated double features=4""",
    "aitrading.common.UserContext": """string user_id=1; string tenant_id=2;
        aitrading.common.SubscriptionTier tier=3; repeated string permissions=4;
        aitrading.common.UserPreferences preferences=5; int64 session_timestamp=6""",
    "aitrading.common.UserPreferences": """repeated string preferred_symbols=1;
        double risk_tolerance=2; bool enable_notifications=3; string timezone=4;
        aitrading.common.TradingSettings trading=5""",
    "aitrading.common.TradingSettings": """double max_position_size=1; double max_daily_loss=2;
        bool auto_trading_enabled=3; repeated string allowed_strategies=4""",
    "trading.v1.TickData": """string symbol=1; double bid=2; double ask=3; double volume=4;
        int64 timestamp_ms=5; string tenant_id=6""",
    "trading.v1.MarketDataStream": """repeated trading.v1.TickData ticks=1; string source=2;
        int64 sequence_number=3""",
    "ai.v1.TechnicalIndicators": """string symbol=1; double rsi=2; double macd=3; double sma_20=4;
        double ema_50=5; ai.v1.BollingerBands bollinger=6; int64 calculated_at=7;
        string tenant_id=8""",
    "ai.v1.BollingerBands": "double upper=1; double middle=2; double lower=3; double bandwidth=4",
    "common.v1.BaseMessage": "string tenant_id=1; int64 timestamp_ms=2; string correlation_id=3",
    "system.v1.TenantConfig": """string tenant_id=1; trading.v1.RiskLimits risk_limits=2;
        aitrading.common.TradingSettings trading_settings=3; ai.v1.AIModelConfig ai_config=4""",
}
FIXED_ENUMS = {
    "aitrading.trading.SignalType": """SIGNAL_UNKNOWN=0; SIGNAL_BUY=1; SIGNAL_SELL=2;
        SIGNAL_HOLD=3; SIGNAL_CLOSE=4""",
    "aitrading.common.SubscriptionTier": "TIER_FREE=0; TIER_PRO=1; TIER_ENTERPRISE=2",
}

FieldProto = descriptor_pb2.FieldDescriptorProto
SCALARS = {number: name[len("TYPE_"):].lower() for name, number in FieldProto.Type.items()}
FLOATS = (FieldProto.TYPE_DOUBLE, FieldProto.TYPE_FLOAT)
INTEGERS = (FieldProto.TYPE_INT32, FieldProto.TYPE_INT64, FieldProto.TYPE_UINT32,
            FieldProto.TYPE_UINT64, FieldProto.TYPE_SINT64, FieldProto.TYPE_FIXED64)


def run(*args, cwd=None):
    return subprocess.run([str(a) for a in args], cwd=cwd, text=True, capture_output=True)


def protoc(*args):
    return run(PROTOC, f"--proto_path={SCHEMAS}", *args)


# ---- The tree as descriptors ----


class Tree:
    """All files of the tree, linked, with options that can be asked by name."""

    def __init__(self, data):
        pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(data).file:
            pool.AddSerializedFile(file.SerializeToString())
        set_type = pool.FindMessageTypeByName("google.protobuf.FileDescriptorSet")
        self.pool = pool
        self.set = message_factory.GetMessageClass(set_type).FromString(data)
        self.files = {f.name: f for f in self.set.file if f.name in PATHS}
        self.messages, self.enums, self.comments = {}, {}, {}
        for file in self.files.values():
            self._read_file(file)

    def option(self, options, name):
        """The content of an option, or None where it is not set."""
        extension = self.pool.FindExtensionByName(name)
        return options.Extensions[extension] if options.HasExtension(extension) else None

    def _read_file(self, file):
        comments = {}
        for place in file.source_code_info.location:
            text = place.leading_comments + place.trailing_comments
            if text.strip():
                comments[tuple(place.path)] = " ".join(text.split())

        def note(name, path):
            self.comments[name] = (file.name, comments.get(path, ""))

        def read_enum(enum, scope, path):
            self.enums[f"{scope}.{enum.name}"] = (file.name, enum)
            note(f"{scope}.{enum.name}", path)
            for i, value in enumerate(enum.value):
                note(f"{scope}.{enum.name}.{value.name}", path + (2, i))

        def read_message(message, scope, path):
            name = f"{scope}.{message.name}"
            if message.options.map_entry:
                return
            self.messages[name] = (file.name, message)
            note(name, path)
            for i, field in enumerate(message.field):
                note(f"{name}.{field.name}", path + (2, i))
            for i, oneof in enumerate(message.oneof_decl):
                if not any(f.proto3_optional and f.oneof_index == i for f in message.field):
                    note(f"{name}.{oneof.name}", path + (8, i))
            for i, nested in enumerate(message.nested_type):
                read_message(nested, name, path + (3, i))
            for i, enum in enumerate(message.enum_type):
                read_enum(enum, name, path + (4, i))

        for i, message in enumerate(file.message_type):
            read_message(message, file.package, (4, i))
        for i, enum in enumerate(file.enum_type):
            read_enum(enum, file.package, (5, i))
        for i, service in enumerate(file.service):
            note(f"{file.package}.{service.name}", (6, i))
            for k, method in enumerate(service.method):
                note(f"{file.package}.{service.name}.{method.name}", (6, i, 2, k))
        for i, extension in enumerate(file.extension):
            note(f"{file.package}.{extension.name}", (7, i))

    def fields(self):
        """Every field as (file, message name, field)."""
        for name, (path, message) in self.messages.items():
            for field in message.field:
                yield path, name, field


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    out = tmp_path_factory.mktemp("schemas") / "all.binpb"
    done = protoc("-I", NPM / "protoc/include", "-I", GOOGLE, "--include_imports",
                  "--include_source_info", "-o", out, *PATHS)
    assert (done.returncode, done.stderr) == (0, "")
    return Tree(out.read_bytes())


def type_of(field):
    name = field.type_name.lstrip(".") or SCALARS[field.type]
    return ("repeated " if field.label == FieldProto.LABEL_REPEATED else "") + name


def is_fixed(name):
    return any(name == f or name.startswith(f + ".") for f in FIXED_MESSAGES)


# ---- The files ----


def test_the_tree_holds_the_files_that_it_should():
    assert sorted(str(p.relative_to(SCHEMAS)) for p in SCHEMAS.rglob("*.proto")) == PATHS


@pytest.mark.parametrize("path", PLAIN)
def test_stock_protoc_needs_only_the_tree(path, tmp_path):
    done = protoc("-o", tmp_path / "out", path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("path", sorted(set(PATHS) - set(PLAIN)))
def test_files_with_http_rules_need_google_api_besides(path, tmp_path):
    assert protoc("-o", tmp_path / "out", path).returncode != 0
    done = protoc("-I", GOOGLE, "-o", tmp_path / "out", path)
    assert (done.returncode, done.stderr) == (0, "")


def test_protoc_would_have_said_that_an_import_is_unused(tmp_path):
    """Without this, the two tests above could not fail for a warning."""
    (tmp_path / "unused.proto").write_text('syntax = "proto3"; import "common/money.proto";')
    done = protoc("-I", tmp_path, "-o", tmp_path / "out", "unused.proto")
    assert "is unused" in done.stderr


@pytest.mark.parametrize("path", PATHS)
def test_package(tree, path):
    assert tree.files[path].package == PACKAGES[path]


@pytest.mark.parametrize("path", PATHS)
def test_imports_stay_inside(tree, path):
    file = tree.files[path]
    inside = (*PATHS, "google/protobuf/")
    outside = [d for d in file.dependency if not d.startswith(inside)]
    if path.startswith("system/"):
        assert outside == ["google/api/annotations.proto"] and file.service
    else:
        assert outside == []


def test_python_from_stock_protoc(tmp_path):
    done = protoc(f"--python_out={tmp_path}", *PLAIN)
    assert (done.returncode, done.stderr) == (0, "")
    script = """
from common.tick_data_pb2 import BatchTickData, TickData
batch = BatchTickData(); tick = TickData(); tick.symbol = "EURUSD"; tick.bid = 1.08945
batch.ticks.append(tick)
assert BatchTickData.FromString(batch.SerializeToString()) == batch
from common.base_pb2 import BaseMessage
from trading.orders_pb2 import ORDER_SIDE_BUY, OrderTerms, PlaceOrderRequest
order = PlaceOrderRequest(tenant_id="acme", timestamp_ms=1, correlation_id="c",
                          terms=OrderTerms(side=ORDER_SIDE_BUY))
order.terms.limit_price.mantissa, order.terms.limit_price.exponent = 108945, -5
base = BaseMessage.FromString(order.SerializeToString())
assert (base.tenant_id, base.timestamp_ms, base.correlation_id) == ("acme", 1, "c")
"""
    done = run(sys.executable, "-c", script, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_one_file_alone_is_python_for_feed_adapters(tmp_path):
    done = protoc(f"--python_out={tmp_path}", "common/tick-data.proto")
    assert (done.returncode, done.stderr) == (0, "")
    done = run(sys.executable, "-c", "from common.tick_data_pb2 import TickData", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


# ---- What is fixed ----


@pytest.mark.parametrize("name", FIXED_MESSAGES)
def test_fixed_message(tree, name):
    message = tree.messages[name][1]
    want = [re.fullmatch(r"(.+) (\w+)=(\d+)", part.strip()).groups()
            for part in FIXED_MESSAGES[name].split(";")]
    have = [(type_of(f), f.name, str(f.number)) for f in message.field]
    assert have == want
    assert not any(f.proto3_optional or f.HasField("options") for f in message.field)
    rest = {d.name for d, _ in message.ListFields()} - {"name", "field"}
    assert rest == set(), "nothing may be added to a fixed message"


@pytest.mark.parametrize("name", FIXED_ENUMS)
def test_fixed_enum(tree, name):
    enum = tree.enums[name][1]
    have = "; ".join(f"{v.name}={v.number}" for v in enum.value)
    assert have == " ".join(FIXED_ENUMS[name].split())


def test_signals_import_ticks(tree):
    assert "common/tick-data.proto" in tree.files["trading/signals.proto"].dependency


def test_options_have_their_numbers(tree):
    extensions = {e.name: (e.extendee.rsplit(".", 1)[1], e.number)
                  for e in tree.files["stele/options.proto"].extension}
    assert extensions == {
        "pii": ("FieldOptions", 50801), "privacy": ("FieldOptions", 50802),
        "encrypt": ("FieldOptions", 50803), "transport": ("MessageOptions", 50804),
        "file_transport": ("FileOptions", 50804), "max_len": ("FieldOptions", 50805),
        "max_count": ("FieldOptions", 50806),
    }


def test_services(tree):
    services = {f"{f.package}.{s.name}": s for f in tree.files.values() for s in f.service}
    assert sorted(services) == [
        "ai.v1.FeatureService", "common.v1.UserService", "system.v1.AuditService",
        "system.v1.ConfigService", "system.v1.HealthService", "trading.v1.PortfolioService",
    ]
    bidirectional = [m.name for m in services["ai.v1.FeatureService"].method
                     if m.client_streaming and m.server_streaming]
    assert bidirectional == ["StreamFeatures"]
    for name, service in services.items():
        for method in service.method:
            has_http = tree.option(method.options, "google.api.http") is not None
            assert has_http == name.startswith("system."), f"{name}.{method.name}"


# ---- What everything must be ----


def test_everything_is_documented(tree):
    bare = [name for name, (_, comment) in tree.comments.items() if len(comment) < 4]
    assert len(tree.comments) > 1000 and bare == []


def test_no_message_is_a_bare_shell(tree):
    assert [name for name, (_, message) in tree.messages.items() if not message.field] == []


def test_nothing_lies_about_unused(tree):
    """What is no message of its own is a part of one; what is an enum is some field's type."""
    used = {f.type_name[1:] for f in tree.files["stele/options.proto"].extension}
    for _, _, field in tree.fields():
        entry = field.type == FieldProto.TYPE_MESSAGE and is_map_entry(tree, field)
        inner = entry and entry.fields_by_name["value"].message_type
        used.add(inner.full_name if inner else field.type_name[1:])
    parts = [name for name, (_, message) in tree.messages.items()
             if not any(f.name == "tenant_id" for f in message.field)]
    loose = {"aitrading.common.BatchTickData", "trading.v1.MarketDataStream"}  # travel without one
    assert (set(parts) | set(tree.enums)) - used == loose


def test_new_enums_begin_with_unspecified(tree):
    for name, (_, enum) in tree.enums.items():
        zero = enum.value[0]
        assert zero.number == 0
        if name not in FIXED_ENUMS:
            assert zero.name.endswith("_UNSPECIFIED"), name


MONEY = {"price", "amount", "pnl", "balance", "cost", "fee", "value", "notional", "exposure"}


def words(name):
    return {w.rstrip("s") if w.rstrip("s") in MONEY else w for w in name.split("_")}


def is_map_entry(tree, field):
    message = tree.pool.FindMessageTypeByName(field.type_name[1:])
    return message if message.GetOptions().map_entry else None


def holds_float(tree, field):
    if field.type in FLOATS:
        return True
    entry = field.type == FieldProto.TYPE_MESSAGE and is_map_entry(tree, field)
    return bool(entry) and entry.fields_by_name["value"].type in FLOATS


def test_new_money_is_no_bare_double(tree):
    bare = [f"{name}.{f.name}" for _, name, f in tree.fields()
            if not is_fixed(name) and words(f.name) & MONEY and holds_float(tree, f)]
    assert bare == []


def test_messages_that_travel_say_how(tree):
    """Each new message with an envelope has a transport class, of its own or of its file."""
    for name, (path, message) in tree.messages.items():
        if is_fixed(name) or path in ("trading/signals.proto",):
            continue
        own = tree.option(message.options, "stele.transport")
        if any(f.name == "tenant_id" for f in message.field):
            assert own or tree.option(tree.files[path].options, "stele.file_transport"), name
        else:
            assert own is None, f"{name} is only ever a part"


def test_rpcs_carry_the_envelope(tree):
    for file in tree.files.values():
        for service in file.service:
            for method in service.method:
                for end in (method.input_type, method.output_type):
                    fields = {f.name for f in tree.messages[end[1:]][1].field}
                    assert {"tenant_id", "timestamp_ms", "correlation_id"} <= fields, end


ERASURE_RETAIN = 4


def test_privacy_is_stated_in_full(tree):
    stated = 0
    for _, name, field in tree.fields():
        privacy = tree.option(field.options, "stele.privacy")
        if privacy is None:
            continue
        stated += 1
        where = f"{name}.{field.name}"
        assert tree.option(field.options, "stele.pii"), where
        assert privacy.lawful_basis and privacy.erasure and privacy.ccpa and privacy.purpose, where
        assert privacy.HasField("retention_days") or privacy.erasure != ERASURE_RETAIN, where
    assert stated >= 10


def test_sizes_are_stated_where_they_can_be(tree):
    for _, name, field in tree.fields():
        where = f"{name}.{field.name}"
        length = tree.option(field.options, "stele.max_len")
        count = tree.option(field.options, "stele.max_count")
        entry = field.type == FieldProto.TYPE_MESSAGE and is_map_entry(tree, field)
        if length is not None:
            texts = (FieldProto.TYPE_STRING, FieldProto.TYPE_BYTES)
            assert length > 0 and (field.type in texts or entry), where
        if count is not None:
            assert count > 0 and field.label == FieldProto.LABEL_REPEATED, where


# ---- stele.yaml: rules and what is excused from them ----


def excuses():
    """The rows under lint.ignore_only: {rule: {file: symbols or None}}."""
    rows, rule, row = {}, None, None
    text = (SCHEMAS / "stele.yaml").read_text()
    section = text.split("\n  ignore_only:\n", 1)[1].split("\nbreaking:\n", 1)[0]
    for line in section.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if match := re.fullmatch(r"    ([A-Z_]+):", line):
            rule = rows.setdefault(match[1], {})
        elif match := re.fullmatch(r"      - file: (\S+)", line):
            row = match[1]
            assert row not in rule, f"{row} twice"
            rule[row] = {"symbols": None, "reason": None}
        elif match := re.fullmatch(r"        symbols: \[(.+)\]", line):
            rule[row]["symbols"] = match[1].split(", ")
        elif match := re.fullmatch(r"        reason: (.+)", line):
            rule[row]["reason"] = match[1]
        else:
            raise AssertionError(f"stele.yaml: cannot read {line!r}")
    return rows


def test_excuses_name_files_and_say_why():
    for rule, rows in excuses().items():
        for file, row in rows.items():
            assert file in PATHS, f"{rule}: {file} is not a file of the tree"
            assert row["reason"] and len(row["reason"]) > 15, f"{rule}: {file}"


def test_stele_yaml_turns_the_rules_on():
    text = (SCHEMAS / "stele.yaml").read_text()
    assert re.search(r"^compatibility: BACKWARD$", text, re.M)
    lint = text.split("\nlint:\n")[1].split("ignore_only:")[0]
    assert re.findall(r"- (\w+)", lint) == ["STANDARD", "COMMENTS", "PLATFORM"]


def test_buf_finds_exactly_what_is_excused(tmp_path):
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    api = tmp_path / "google" / "google" / "api"
    api.mkdir(parents=True)
    for name in ("annotations.proto", "http.proto"):
        shutil.copy(GOOGLE / "google/api" / name, api)
    (tmp_path / "buf.yaml").write_text(
        "version: v2\nmodules:\n  - path: schemas\n    lint: {use: [STANDARD, COMMENTS]}\n"
        "  - path: google\n    lint: {use: [SYNTAX_SPECIFIED]}\n")
    done = run(BUF, "lint", "--error-format=json", cwd=tmp_path)
    assert done.returncode == 100, done.stderr
    found = {}
    for line in done.stdout.splitlines():
        finding = json.loads(line)
        path = finding["path"].removeprefix("schemas/")
        found.setdefault(finding["type"], set()).add(path)
    ours = {*PLATFORM, *ALSO_PLATFORM}
    stock = {rule: set(rows) for rule, rows in excuses().items() if rule not in ours}
    assert found == stock


def message_tenant_id(tree):
    for name, (path, message) in tree.messages.items():
        has = any(f.name == "tenant_id" for f in message.field)
        if not has and "Part of" not in tree.comments[name][1]:
            yield path, name


def message_envelope(tree):
    want = ["string tenant_id 1", "int64 timestamp_ms 2", "string correlation_id 3"]
    for name, (path, message) in tree.messages.items():
        head = [f"{type_of(f)} {f.name} {f.number}" for f in message.field[:3]]
        if any(f.name == "tenant_id" for f in message.field) and head != want:
            yield path, name


def field_pii_annotated(tree):
    personal = re.compile(r"(.*_)?user_id|account_id|email|phone|(legal|display)_name|ip_address|"
                          r"user_agent|date_of_birth|nationalities|tax_id|postal_code|"
                          r"password_hash|.*_secret|avatar_url|on_behalf_of|actor_id")
    for path, name, field in tree.fields():
        if personal.fullmatch(field.name) and not tree.option(field.options, "stele.pii"):
            yield path, f"{name}.{field.name}"


def field_money_not_float(tree):
    money = MONEY | {"bid", "ask", "last", "spread", "loss", "profit", "size"}
    ratio = ("_fraction", "_rate", "_ratio", "_factor")
    for path, name, field in tree.fields():
        if (words(field.name) & money and holds_float(tree, field)
                and not field.name.endswith(ratio)):
            yield path, f"{name}.{field.name}"


def field_time_unit(tree):
    time = re.compile(r"(.*_)?(timestamp|time|at)")
    for path, name, field in tree.fields():
        if field.type in INTEGERS and time.fullmatch(field.name):
            yield path, f"{name}.{field.name}"


def enum_zero_is_unknown(tree):
    for name, (path, enum) in tree.enums.items():
        if not enum.value[0].name.endswith(("UNSPECIFIED", "UNKNOWN")):
            yield path, name


PLATFORM = {
    "MESSAGE_TENANT_ID": message_tenant_id,
    "MESSAGE_ENVELOPE": message_envelope,
    "FIELD_PII_ANNOTATED": field_pii_annotated,
    "FIELD_MONEY_NOT_FLOAT": field_money_not_float,
    "FIELD_TIME_UNIT": field_time_unit,
    "ENUM_ZERO_IS_UNKNOWN": enum_zero_is_unknown,
}


# Rules that `stele lint` alone knows; it says itself when a row excuses nothing.
ALSO_PLATFORM = {"FIELD_PII_LEAVES", "MESSAGE_HOT_IS_FLAT", "MESSAGE_SIZE"}


@pytest.mark.parametrize("rule", PLATFORM)
def test_platform_rules_find_exactly_what_is_excused(tree, rule):
    rows = excuses().get(rule, {})
    used, left = set(), []
    for path, symbol in PLATFORM[rule](tree):
        symbols = rows[path]["symbols"] if path in rows else []
        match = [s for s in symbols if symbol == s or symbol.startswith(s + ".")]
        used.update((path, s) for s in match)
        if not match:
            left.append((path, symbol))
    assert left == []
    listed = {(path, s) for path, row in rows.items() for s in row["symbols"]}
    assert listed - used == set(), "rows that excuse nothing"


# ---- config/ ----


@pytest.mark.parametrize("name", ["development", "staging", "production"])
def test_configuration_of_an_environment(name):
    config = json.loads((ROOT / f"config/{name}.json").read_text())
    assert config["environment"] == name
    assert config["listen"].startswith("127.0.0.1:"), "open to others only with authentication"
    assert re.fullmatch(r"sqlite:.+|memory:", config["store"])
    assert all(isinstance(v, int) and v > 0 for v in config["limits"].values())
    assert config["tenants"][0]["name"] == "."


def test_service_discovery_speaks_of_this_tree(tree):
    config = json.loads((ROOT / "config/service-discovery.json").read_text())
    classes = {"A": 1, "B": 2, "C": 3}
    services = {f"{f.package}.{s.name}" for f in tree.files.values() for s in f.service}
    served = set()
    for service in config["services"]:
        served.update(service.get("grpc", []))
        for path in service["schemas"]:
            stated = tree.option(tree.files[path].options, "stele.file_transport")
            assert stated in (None, classes[service["transport"]]), (service["name"], path)
    assert served == {s for s in services if not s.startswith("system.")}
