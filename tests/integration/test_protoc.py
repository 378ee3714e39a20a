"""stele protoc beside protoc 36.2: a table of command lines, right and wrong. For each of them standard
output, standard error, exit code and every file that is left behind must be the same."""
import os
import shlex
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import pytest

from protoc import fixture

ROOT = Path(__file__).resolve().parents[2]
STELE = Path(os.environ.get("STELE", ROOT / "build-test/stele")).resolve()
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules")).resolve()
PROTOC = Path(os.environ.get("STELE_PROTOC", NPM / "protoc/bin/protoc-linux-x86_64")).resolve()
INCLUDE = NPM / "protoc/include"
PLUGIN = Path(__file__).parent / "protoc/protoc-gen-test"
T = "-Iproto --plugin=plugins/protoc-gen-test"

# One command line each. A tuple has standard input behind it.
LINES = f"""
--version
--version proto/a.proto
--version=3
proto/a.proto --version
-Iproto
-Iproto proto/a.proto
proto/a.proto
a.proto -oout.binpb
-oout.binpb
--include_imports
--python_out=out
-Iproto -oout.binpb proto/a.proto
-Iproto -oout.binpb a.proto
-Iproto -o out.binpb proto/a.proto
-Iproto --descriptor_set_out=out.binpb proto/a.proto
-Iproto --descriptor_set_out out.binpb proto/a.proto
-I proto -oout.binpb proto/a.proto
--proto_path=proto -oout.binpb proto/a.proto
--proto_path proto -oout.binpb proto/a.proto
-Iproto/ -oout.binpb proto/a.proto
-I./proto -oout.binpb proto/a.proto
-I./proto/./ -oout.binpb ./proto//a.proto
-Iproto/sub/.. -oout.binpb proto/a.proto
-Iproto -oout.binpb ./proto/a.proto
-Iproto -oout.binpb proto/sub/../a.proto
-I. -oout.binpb proto/b.proto
-oout.binpb proto/b.proto
-oout.binpb ./proto/b.proto
-Iproto:other -oout.binpb proto/a.proto other/d.proto
-Iproto::other: -oout.binpb proto/a.proto other/d.proto
-Iproto -Iother -oout.binpb other/b.proto
-Iother -Iproto -oout.binpb other/b.proto proto/a.proto
-Iother -Iproto -oout.binpb proto/b.proto
-Ix=proto -oout.binpb proto/b.proto
-Ix/y=proto -oout.binpb x/y/b.proto
-Ib2.proto=proto/b.proto -oout.binpb b2.proto
-Ix=proto -Iother -oout.binpb b.proto
-Ix=proto -Ix=other -oout.binpb other/b.proto
-Ix/=proto -oout.binpb proto/b.proto
-Iodd=dir -oout.binpb odd=dir/o.proto
-Ix= -oout.binpb proto/b.proto
-I= -oout.binpb proto/b.proto
-Inone -oout.binpb proto/b.proto
-Inone -Iproto -oout.binpb proto/b.proto
-Ix=none -Iproto -oout.binpb proto/b.proto
-Ia_file -Iproto -oout.binpb proto/b.proto
-I -oout.binpb proto/b.proto
-I "" -oout.binpb proto/b.proto
-Iproto -oout.binpb
-Iproto -oout.binpb other/b.proto
-Iproto -oout.binpb other/d.proto
-Iproto -oout.binpb absent.proto
-Iproto -oout.binpb proto/absent.proto
-Iproto -oout.binpb proto
-Iproto -oout.binpb proto/sub
-Iproto -oout.binpb sub
-Iproto -oout.binpb proto/folder.proto
-Iproto -oout.binpb folder.proto
-Iproto -oout.binpb proto/locked.proto
-Iproto -oout.binpb locked.proto
-Iproto -oout.binpb -
-Iproto -oout.binpb ""
-Iproto -oout.binpb "proto/ü b.proto"
-Iproto -oout.binpb 'proto/C:\\x.proto'
-Iproto -oout.binpb 'C:\\x.proto'
-IC:/proto -oout.binpb proto/b.proto
-Iproto -oout.binpb proto/b.proto proto/b.proto
-Iproto -oout.binpb proto/b.proto b.proto
-Iproto -oout.binpb proto/a.proto proto/b.proto
-Iproto -oout.binpb proto/sub/c.proto proto/b.proto
-Iproto --include_imports -oout.binpb proto/sub/c.proto
-Iproto --include_source_info -oout.binpb proto/a.proto
-Iproto -Iinc --retain_options -oout.binpb options.proto
-Iproto -Iinc -oout.binpb options.proto
-Iproto -Iinc --include_source_info --retain_options --include_imports -oout.binpb options.proto
-Iproto -Iinc --include_imports -oout.binpb edition2024.proto
-Iproto -Iinc --include_imports --retain_options -oout.binpb edition2024.proto edition2023.proto edition2026.proto
-Iproto -Iinc -oout.binpb wkt.proto google/protobuf/timestamp.proto
-Iproto -Iinc -oout.binpb inc/google/protobuf/any.proto
-Iproto -oout.binpb unstable.proto
-Iproto --experimental_editions --include_source_info -oout.binpb unstable_types.proto
-Iproto --experimental_editions -oout.binpb proto/edition2026.proto
-Iproto --include_imports=yes -oout.binpb proto/a.proto
-Iproto --include_imports --include_imports -oout.binpb proto/a.proto
-Iproto --include_source_info --include_source_info -oout.binpb proto/a.proto
-Iproto --retain_options --retain_options -oout.binpb proto/a.proto
-Iproto --include_imports proto/a.proto
-Iproto --include_imports --include_source_info --retain_options --python_out=out proto/a.proto
-Iproto -oout.binpb -oout2.binpb proto/a.proto
-Iproto -oout.binpb --descriptor_set_out=out2.binpb proto/a.proto
-Iproto --descriptor_set_out= proto/a.proto
-Iproto -o "" proto/a.proto
-Iproto -o/dev/null proto/a.proto
-Iproto -o/dev/stdout proto/a.proto
-Iproto -o/dev/full proto/a.proto
-Iproto -onone/out.binpb proto/a.proto
-Iproto -oout proto/a.proto
-Iproto -oclosed/out.binpb proto/a.proto
-Iproto -oold.txt proto/a.proto
-Iproto -olink.txt proto/a.proto
-Iproto -oproto/b.proto/x proto/a.proto
-Iproto -oout.binpb proto/nosyntax.proto
-Iproto -oout.binpb proto/syntax_error.proto
-Iproto -oout.binpb proto/link_error.proto
-Iproto -oout.binpb proto/late_error.proto
-Iproto -oout.binpb proto/imports_bad.proto
-Iproto -oout.binpb proto/imports_absent.proto
-Iproto -oout.binpb proto/imports_odd.proto
-Iproto -oout.binpb proto/imports_locked.proto
-Iproto -oout.binpb proto/cycle1.proto
-Iproto -oout.binpb proto/b.proto proto/syntax_error.proto proto/link_error.proto
-Iproto -oout.binpb proto/syntax_error.proto proto/b.proto
-Iproto -Iinc -oout.binpb proto/target.proto
-Iproto -oout.binpb proto/undeclared.proto
-Iproto --print_free_field_numbers proto/undeclared.proto
-Iproto -oout.binpb proto/unused.proto
-Iproto -oout.binpb proto/generic.proto
-Iproto --fatal_warnings -oout.binpb proto/unused.proto
-Iproto --fatal_warnings -oout.binpb proto/generic.proto
-Iproto --fatal_warnings -oout.binpb proto/nosyntax.proto
-Iproto --fatal_warnings -oout.binpb proto/a.proto
-Iproto --fatal_warnings --fatal_warnings -oout.binpb proto/a.proto
-Iproto --error_format=msvs -oout.binpb proto/syntax_error.proto
-Iproto --error_format=msvs -oout.binpb proto/link_error.proto
-Iproto --error_format=msvs -oout.binpb proto/unused.proto
-Iproto --error_format=msvs -oout.binpb proto/late_error.proto
-Iproto --error_format=msvs -oout.binpb proto/imports_absent.proto
-Ix=proto --error_format=msvs -oout.binpb proto/syntax_error.proto
-Iproto --error_format=gcc -oout.binpb proto/syntax_error.proto
-Iproto --error_format gcc -oout.binpb proto/b.proto
-Iproto --error_format=json -oout.binpb proto/syntax_error.proto
-Iproto --error_format= -oout.binpb proto/b.proto
-Iproto --error_format
-Iproto --disallow_services -oout.binpb proto/services.proto
-Iproto --disallow_services -oout.binpb proto/b.proto
-Iproto --disallow_services -oout.binpb proto/services.proto proto/syntax_error.proto
-Iproto --disallow_services -oout.binpb proto/unused.proto proto/services.proto proto/late_error.proto
-Iproto --disallow_services -oout.binpb proto/syntax_error.proto proto/services.proto
-Iproto --direct_dependencies=b.proto -oout.binpb proto/a.proto
-Iproto --direct_dependencies= -oout.binpb proto/a.proto
-Iproto --direct_dependencies= -oout.binpb proto/b.proto
-Iproto --direct_dependencies=x.proto:y.proto -oout.binpb proto/unused.proto
-Iproto --direct_dependencies=sub/c.proto -oout.binpb proto/unused.proto proto/late_error.proto
-Iproto --direct_dependencies=x --direct_dependencies=y -oout.binpb proto/a.proto
-Iproto --direct_dependencies=x '--direct_dependencies_violation_msg=%s and %s: no' -oout.binpb proto/unused.proto
-Iproto --direct_dependencies_violation_msg=unused -oout.binpb proto/a.proto
-Iproto --direct_dependencies=x -oout.binpb proto/b.proto proto/a.proto proto/syntax_error.proto
-Iproto --direct_dependencies=b.proto -oout.binpb proto/a.proto proto/sub/c.proto
-Iproto -Iinc --direct_dependencies=options.proto -oout.binpb proto/edition2024.proto
-Iproto -Iinc --option_dependencies=options.proto -oout.binpb proto/edition2024.proto
-Iproto -Iinc --option_dependencies=x.proto -oout.binpb proto/edition2024.proto
-Iproto -Iinc --option_dependencies= --option_dependencies= -oout.binpb proto/edition2024.proto
-Iproto -Iinc --option_dependencies=x --option_dependencies_violation_msg=no:%s -oout.binpb proto/edition2024.proto
-Iproto --dependency_out=out.d proto/a.proto
-Iproto --dependency_out=out.d -oout.binpb proto/a.proto
-Iproto --dependency_out out.d -oout.binpb proto/b.proto
-I./proto/ --dependency_out=out.d -oout.binpb proto/sub/c.proto
-Iproto --dependency_out=out.d -o./out.binpb proto/sub/c.proto
-Iproto -Iinc --dependency_out=out.d --python_out=out wkt.proto
-Iproto --dependency_out=out.d --python_out=./out proto/a.proto
-Iproto --dependency_out=out.d --python_out=./out --pyi_out=./out/ -oout.binpb proto/a.proto
-Iproto -Iinc --dependency_out=out.d -oout.binpb edition2024.proto
-Iproto --dependency_out=out.d -oout.binpb proto/a.proto proto/b.proto
-Iproto --dependency_out=out.d --dependency_out=out2.d -oout.binpb proto/a.proto
-Iproto --dependency_out= -oout.binpb proto/a.proto
-Iproto --dependency_out=none/out.d -oout.binpb proto/a.proto
-Iproto --dependency_out=out.d --descriptor_set_in=sets/all.binpb --python_out=out sub/c.proto a.proto
--descriptor_set_in=sets/all.binpb -oout.binpb a.proto
-Iproto --descriptor_set_in=sets/all.binpb --dependency_out=out.d -oout.binpb a.proto
-Iproto --dependency_out=out.d --encode=a.A proto/a.proto
-Iproto --dependency_out=out.d --print_free_field_numbers proto/a.proto
{T} --dependency_out=out.d --test_out=files:out proto/a.proto
{T} --dependency_out=out.d --test_out=:out proto/a.proto
{T} --dependency_out=out.d --test_out=files:out.zip proto/a.proto
--descriptor_set_in=sets/all.binpb -oout.binpb a.proto
--descriptor_set_in=sets/all.binpb -oout.binpb sub/c.proto b.proto
--descriptor_set_in=sets/all.binpb --include_imports --include_source_info -oout.binpb sub/c.proto
--descriptor_set_in=sets/all.binpb --include_imports --retain_options -oout.binpb options.proto
--descriptor_set_in=sets/all.binpb --include_imports --include_source_info -oout.binpb options.proto wkt.proto
--descriptor_set_in sets/ab.binpb --include_source_info -oout.binpb a.proto
--descriptor_set_in=sets/a.binpb:sets/b.binpb --include_imports --include_source_info -oout.binpb a.proto
--descriptor_set_in=sets/b.binpb:sets/a.binpb -oout.binpb a.proto b.proto
--descriptor_set_in=sets/ab.binpb:sets/all.binpb --include_source_info -oout.binpb b.proto
--descriptor_set_in=:sets/ab.binpb: -oout.binpb b.proto
--descriptor_set_in=: -oout.binpb b.proto
--descriptor_set_in=sets/a.binpb -oout.binpb a.proto
--descriptor_set_in=sets/ab.binpb -oout.binpb absent.proto
--descriptor_set_in=sets/ab.binpb -oout.binpb proto/a.proto
--descriptor_set_in=sets/none.binpb -oout.binpb a.proto
--descriptor_set_in=sets/locked.binpb -oout.binpb a.proto
--descriptor_set_in=sets/garbage.binpb -oout.binpb a.proto
--descriptor_set_in=sets/truncated.binpb -oout.binpb a.proto
--descriptor_set_in=sets/empty.binpb -oout.binpb a.proto
--descriptor_set_in=sets -oout.binpb a.proto
--descriptor_set_in= -oout.binpb a.proto
--descriptor_set_in=sets/ab.binpb --descriptor_set_in=sets/all.binpb -oout.binpb a.proto
--descriptor_set_in=sets/ab.binpb -oout.binpb
--descriptor_set_in=sets/all.binpb --disallow_services -oout.binpb services.proto
--descriptor_set_in=sets/all.binpb --direct_dependencies=x -oout.binpb sub/c.proto
--descriptor_set_in=sets/edition.binpb --include_imports -oout.binpb edition2024.proto
-Iother --descriptor_set_in=sets/ab.binpb -oout.binpb other/d.proto
-Iother --descriptor_set_in=sets/ab.binpb --include_imports -oout.binpb a.proto other/d.proto
-Iother --descriptor_set_in=sets/ab.binpb -oout.binpb other/b.proto
-Iother --descriptor_set_in=sets/ab.binpb -oout.binpb absent.proto
-Iproto/sub --descriptor_set_in=sets/ab.binpb --include_imports -oout.binpb c.proto
-Iproto --print_free_field_numbers proto/free.proto
-Iproto --print_free_field_numbers proto/free.proto proto/a.proto
-Iproto --print_free_field_numbers proto/syntax_error.proto
-Iproto --print_free_field_numbers --fatal_warnings proto/unused.proto
-Iproto --print_free_field_numbers --print_free_field_numbers proto/a.proto
-Iproto --print_free_field_numbers -oout.binpb proto/a.proto
-Iproto -oout.binpb --print_free_field_numbers proto/a.proto
-Iproto --print_free_field_numbers --python_out=out proto/a.proto
-Iproto --python_out=out --print_free_field_numbers proto/a.proto
--print_free_field_numbers
--descriptor_set_in=sets/all.binpb --print_free_field_numbers sub/c.proto
--descriptor_set_in=sets/all.binpb --print_free_field_numbers
--encode
--encode=
--encode= proto/a.proto
--decode
--decode=
--decode -Iproto
--decode_raw proto/a.proto
--decode_raw=x
--decode_raw --descriptor_set_in=sets/ab.binpb
--decode_raw --decode=x
--decode=x --encode=y
--encode=x --encode=y
--encode=x -oout.binpb proto/a.proto
-oout.binpb --encode=x proto/a.proto
--encode=x --python_out=out proto/a.proto
--python_out=out --decode=x proto/a.proto
--encode=a.A
--decode=a.A --deterministic_output proto/a.proto
--deterministic_output -Iproto -oout.binpb proto/a.proto
--deterministic_output --decode_raw
-Iproto --encode=absent.Type proto/a.proto
-Iproto --decode=absent.Type proto/a.proto
-Iproto --decode=a.A proto/syntax_error.proto
-Iproto --encode=a.A --print_free_field_numbers proto/a.proto
-Iproto -Iinc --edition_defaults_out=defaults.binpb options.proto
-Iproto -Iinc --edition_defaults_out=defaults.binpb --edition_defaults_minimum=PROTO2 --edition_defaults_maximum=2024 options.proto
-Iproto --edition_defaults_out=defaults.binpb proto/b.proto
-Iproto --edition_defaults_out=defaults.binpb features.proto google/protobuf/cpp_features.proto google/protobuf/go_features.proto google/protobuf/java_features.proto
-Iproto --edition_defaults_out=defaults.binpb --edition_defaults_maximum=2023 features.proto
-Iproto --edition_defaults_out=defaults.binpb --edition_defaults_minimum=2024 --edition_defaults_maximum=2023 features.proto
-Iproto --edition_defaults_out=no/such/folder features.proto
-Iproto --edition_defaults_out=defaults.binpb features_odd.proto
-Iproto --edition_defaults_out=defaults.binpb features_aimless.proto
-Iproto --edition_defaults_out= proto/a.proto
-Iproto --edition_defaults_out=x --edition_defaults_out=y proto/a.proto
-Iproto --edition_defaults_out=x --edition_defaults_minimum=1999 proto/a.proto
-Iproto --edition_defaults_out=x --edition_defaults_maximum=2023 --edition_defaults_maximum=2024 proto/a.proto
-Iproto --encode=x --edition_defaults_out=x proto/a.proto
--unknown
--unknown=x
--unknown x
-x
-xyz
-x y
--
---
--=x
--_opt=x
--foo_opt=x proto/a.proto
--foo_opt=x --foo_out=out
-Iproto --pyi_opt=x --pyi_out=out proto/a.proto
-Iproto --cpp_opt=x -oout.binpb proto/a.proto
-Iproto --python_opt=x -oout.binpb proto/a.proto
-Iproto --python_opt
-Iproto --foo_prefix= --python_out=out proto/a.proto
-Iproto --foo_prefix=a --foo_prefix=b --python_out=out proto/a.proto
-Iproto '--foo_prefix="a b"' --python_out=out proto/a.proto
-Iproto "--foo_prefix=it's" --python_out=out proto/a.proto
-Iproto --foo_prefix --python_out=out proto/a.proto
-Iproto --enable_codegen_trace -oout.binpb proto/a.proto
-Iproto --enable_codegen_trace yes -oout.binpb proto/b.proto
-Iproto --enable_codegen_trace proto/b.proto
-Iproto --experimental_allow_proto3_optional -oout.binpb proto/a.proto
@args/one
@args/no_end
@args/empty_line
@args/spaces
@args/crlf
@args/nested
@args/nothing -Iproto -oout.binpb proto/b.proto
@args/none
@
@args -Iproto -oout.binpb proto/b.proto
@locked_args
-Iproto @args/one --include_imports
-Iproto -oout.binpb -- proto/b.proto
-Iproto --python_out=out proto/a.proto
-Iproto --python_out=out --pyi_out=out2 proto/a.proto proto/sub/c.proto
-Iproto --python_out out proto/a.proto
-Iproto --python_out=out/ proto/python-name.v1.proto
-Iproto --python_out=:out proto/a.proto
-Iproto --python_out=pyi_out:out proto/a.proto
-Iproto --python_out=annotate_code:out proto/a.proto
-Iproto --python_out=foo:out proto/a.proto
-Iproto --python_out=foo,bar=1:out proto/a.proto proto/b.proto
-Iproto --python_out=foo:out --python_opt=bar proto/a.proto
-Iproto --python_out=out --python_opt=pyi_out proto/a.proto
-Iproto --python_out=out --python_opt=pyi_out --python_opt=annotate_code --pyi_out=out2 proto/a.proto
-Iproto --python_out=,,pyi_out,,:out proto/a.proto
-Iproto --pyi_out=foo:out proto/a.proto
-Iproto --pyi_out=foo,bar:out proto/a.proto
-Iproto --pyi_out=out proto/a.proto
-Iproto -Iinc --python_out=out --pyi_out=out options.proto wkt.proto
-Iproto --python_out=out proto/a.proto proto/a.proto
-Iproto --python_out=out --python_out=out proto/a.proto
-Iproto --python_out=pyi_out:out --pyi_out=out proto/a.proto
-Iproto --python_out=none proto/a.proto
-Iproto --python_out=none/ proto/a.proto
-Iproto --python_out=a_file proto/a.proto
-Iproto --python_out=closed proto/a.proto
-Iproto --python_out=closed proto/sub/c.proto
-Iproto --python_out= proto/a.proto
-Iproto --python_out= -oout.binpb proto/a.proto
-Iproto --python_out=out.zip proto/a.proto proto/sub/c.proto
-Iproto --python_out=out.jar proto/a.proto
-Iproto --python_out=out.srcjar --pyi_out=out.srcjar proto/a.proto
-Iproto --python_out=none/out.zip proto/a.proto
-Iproto --python_out=/dev/full.zip proto/a.proto
-Iproto -Iinc --python_out=out edition2026.proto edition2024.proto edition2023.proto
-Iproto --python_out=out proto/generic.proto
-Iproto --python_out=out -oout.binpb proto/syntax_error.proto
-Iproto --python_out=out 'proto/ü b.proto'
-Iproto --absent_out=out proto/a.proto
-Iproto --absent_out=out --plugin=protoc-gen-absent=plugins/none proto/a.proto
-Iproto --absent_out=out --plugin=protoc-gen-absent=plugins/not_executable proto/a.proto
-Iproto --absent_out=out --plugin=protoc-gen-absent=plugins proto/a.proto
-Iproto --absent_out=out --plugin=protoc-gen-absent= proto/a.proto
-Iproto --test_out=names:out proto/a.proto
-Iproto --x_out=names:out --plugin=protoc-gen-x=plugins/protoc-gen-test proto/a.proto proto/b.proto
-Iproto --x_out=names:out --plugin=protoc-gen-x=none --plugin=protoc-gen-x=plugins/protoc-gen-test proto/a.proto
-Iproto --plugin=protoc-gen-python=none --python_out=out proto/a.proto
-Iproto --plugin= --python_out=out proto/a.proto
-Iproto --plugin proto/a.proto
{T} --test_out=names:out a.proto b.proto
{T} --test_out=names:out --test_opt=x --test_opt=y,z proto/a.proto
{T} --test_out=out --test_opt=names,x proto/a.proto
{T} --test_opt=x proto/a.proto -oout.binpb
{T} --test_out=names,a:b:out proto/a.proto
{T} --test_out=names:out --test_opt=c:d proto/a.proto
{T} --test_out=names:out --test_out=files:out2 proto/a.proto
{T} --test_out=names:out --test_prefix=plugins/wrapper proto/a.proto
-Iproto --test_out=names:out '--test_prefix=env PLUGIN_READS=1' proto/a.proto
{T} --test_out=names:out --test_prefix=no-such-command proto/a.proto
{T} --test_out=files:out.jar proto/a.proto
{T} --test_out=manifest:out.jar proto/a.proto
{T} --test_out=manifest:out.zip proto/a.proto
{T} --test_out=many:out proto/a.proto
{T} --test_out=large:out proto/a.proto
{T} --test_out=files:old.txt proto/a.proto
{T} --test_out=base:out --test_opt=,, proto/a.proto
{T} --test_out=base:out --test_out=insert:out --test_out=insert_again:out proto/a.proto
{T} --test_out=base:out.zip --test_out=insert:out.zip proto/a.proto
{T} --python_out=out --test_out=insert_nowhere:out proto/a.proto
{T} --test_out=base:out --test_out=insert_nowhere:out proto/a.proto
{T} --test_out=twice:out --test_out=error:out proto/a.proto
{T} --enable_codegen_trace yes --test_out=trace:out proto/a.proto
{T} --test_out=no_features:out proto/b.proto
{T} --test_out=no_features:out proto/sub/c.proto
{T} --test_out=no_features:out proto/edition2023.proto
{T} --test_out=only_optional:out proto/edition2023.proto
{T} --test_out=old_editions:out proto/edition2023.proto
{T} -Iinc --test_out=old_editions:out proto/edition2024.proto
{T} --test_out=new_editions:out proto/edition2023.proto
{T} --test_out=strange_editions:out proto/edition2023.proto
{T} --experimental_editions --test_out=old_editions:out proto/edition2026.proto
{T} --test_out=features_and_error:out proto/a.proto proto/edition2023.proto
{T} --unsafe_allow_out_dir_escape --test_out=escape:out proto/a.proto
{T} --unsafe_allow_out_dir_escape --test_out=escape:out.zip proto/a.proto
{T} --test_out=escape:out.zip proto/a.proto
{T} -Iinc --test_out=record:out options.proto
{T} -Iinc --test_out=record:out edition2024.proto options.proto sub/c.proto
{T} -Iinc --test_out=record:out sub/c.proto wkt.proto a.proto unused.proto
{T} -Iinc --test_out=record,bootstrap:out options.proto
{T} --test_out=record:out a.proto a.proto
{T} -Iinc --test_out=record,p=q:out --test_opt=r google/protobuf/timestamp.proto
--plugin=plugins/protoc-gen-test --descriptor_set_in=sets/all.binpb --test_out=record:out sub/c.proto options.proto
--plugin=protoc-gen-cpp=plugins/protoc-gen-test -Iproto -oout.binpb a.proto
--plugin=protoc-gen-mutable_java=plugins/protoc-gen-test -Iproto --mutable_java_out=record:out a.proto b.proto
--plugin=protoc-gen-mutable_java=plugins/protoc-gen-test -Iproto --mutable_java_out=record:out sub/c.proto
""".strip().splitlines() + [f"{T} --test_out={mode}:out proto/a.proto" for mode in [
    "", "files", "chunks", "nameless", "twice", "thrice", "insert", "insert_self", "insert_inline", "insert_tab",
    "insert_nofile", "insert_chunks", "meta", "meta_new", "error", "error_lines", "empty_error", "no_features",
    "only_optional", "escape", "dots", "absolute", "dir_is_file", "backslash", "unicode", "binary", "unknown_fields",
    "garbage", "truncated", "bad_group", "bad_info", "stderr", "exit1", "exit3", "exit255", "kill9", "kill11",
    "record", "features_and_error"]]

RAW = {
    "nothing": b"",
    "numbers": b"\x08\x01\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x1d\x01\x02\x03\x04\x21\x01\x02\x03\x04\x05\x06\x07\x08",
    "text": b"\x0a\x05hello\x12\x00\x1a\x04\xff\x00\n\"",
    "nested": b"\x0a\x06\x0a\x04\x08\x01\x10\x02",
    "group": b"\x0b\x08\x01\x13\x14\x0c",
    "deep": b"\x0a\x18\x0a\x16\x0a\x14\x0a\x12\x0a\x10\x0a\x0e\x0a\x0c\x0a\x0a\x0a\x08\x0a\x06\x0a\x04\x0a\x02\x08\x01",
    "text that reads as a message": b"\x0a\x02\x08\x01",
    "truncated": b"\x0a\x05hel",
    "zero tag": b"\x00",
    "unfinished group": b"\x0b\x08\x01",
    "end without a start": b"\x0c",
    "large": b"".join(b"\x0a\x03abc" for _ in range(20000)),
}


# (arguments behind -Iproto -Iinc, standard input): the same in every respect.
CODEC = {
    "encode": ("--encode=a.A proto/a.proto", b'b { s: "x" } x: -3 m { key: "k" value: 7 }'),
    "encode nothing": ("--encode=a.A proto/a.proto", b""),
    "encode in a fixed order": ("--encode=a.A --deterministic_output proto/a.proto",
                                b'm { key: "b" value: 1 } m { key: "a" value: 2 } m { key: "c" }'),
    "encode without what is required": ("--encode=c.C proto/sub/c.proto", b"G { a { x: 1 } }"),
    "encode an extension": ("--encode=c.C proto/sub/c.proto", b'i: 1 [c.e]: "ext"'),
    "encode, fatally": ("--encode=c.C --fatal_warnings proto/sub/c.proto", b""),
    "encode a type of an import": ("--encode=b.B proto/a.proto", b's: "x"'),
    "encode an unknown type": ("--encode=b.None proto/a.proto", b's: "x"'),
    "encode a file's mistake": ("--encode=M proto/syntax_error.proto", b""),
    "encode well-known": ("--encode=google.protobuf.FileDescriptorProto google/protobuf/descriptor.proto",
                          b'name: "x" message_type { name: "M" } edition: EDITION_2023'),
    "decode": ("--decode=a.A proto/a.proto", b"\x0a\x03\x0a\x01x\x18\x05\x4a\x05\x0a\x01k\x10\x07"),
    "decode unknown fields": ("--decode=a.A proto/a.proto",
                              b"\x90\x03\x05\x9a\x03\x02hi\x9a\x03\x02\x08\x01\xa5\x03\x01\x02\x03\x04"),
    "decode without what is required": ("--decode=c.C proto/sub/c.proto", b"\x13\x0a\x02\x18\x01\x14"),
    "decode, fatally": ("--decode=c.C --fatal_warnings proto/sub/c.proto", b""),
    "decode an extension": ("--decode=c.C proto/sub/c.proto", b"\x08\x01\xa2\x06\x03ext"),
    "decode cut off": ("--decode=a.A proto/a.proto", b"\x0a\x03"),
    "decode what was never declared": ("--decode=u.U proto/undeclared.proto", b"\x20\x07\x28\x08"),
    "decode nothing": ("--decode=a.A proto/a.proto", b""),
    "decode with sets": ("--descriptor_set_in=sets/all.binpb --decode=c.C sub/c.proto", b"\x08\x01"),
}

# What stands in brackets: names of extensions, URLs of types.
BRACKETED = ["c.e", "c. e", "c.#\ne", "c.", ".c.e", "c..e", "", "c.1e", "c.e/", "/c.e", "//c.e", "/", "a/", "a!b", "%41", "a%4", "a:b",
             "google.protobuf.Any", "a/google.protobuf.Any", "a / google.protobuf\n.Any", "a b/google.protobuf.Any",
             "a/b/google.protobuf.Any", "a//google.protobuf.Any", "/google.protobuf.Any", "//google.protobuf.Any",
             "/a%2/google.protobuf.Any", "a%2/google.protobuf.Any", "%/google.protobuf.Any", "a%zz/google.protobuf.Any",
             "%e4%f/google.protobuf.Any", "%e4%ff/google.protobuf.Any", "~!$&()*+,;=-._/google.protobuf.Any", "1/google.protobuf.Any",
             "a/.google.protobuf.Any", "a/google..Any", "a/google.protobuf.Any%20", "a%2/google..Any", "/%zz/google..Any", "a/None"]

# Texts that the specification forbids and protoc takes: Stele warns.
ODD_TEXTS = [rb'b { s: "\ud800" }', rb'b { s: "\ud83d\ude00" }', rb'b { s: "\udc00x" }', rb'b { s: "\ud800\u0041" }',
             rb'b { s: "\U00110000" }', rb'b { s: "\U001fffff" }', rb'b { s: "\xff" }', rb"b { s: '\ud800' '\xdc' }"]

# Texts that are refused: by both, but our words are our own.
BAD_TEXTS = [b"x", b"x:", b"x: 1 x: 2", b"none: 1", b"b { s: 1 }", b"b {", b"x: 99999999999", b'm { key: 1 }', b"\xff", b"[a.b]: 1",
             b"x: 1 # a\0b\n", b"#\0", b"x: \0 1", b'b { s: "a\0" }', b'b { s: "\\\0" }']


class Place:
    """The fixture, and a folder for each run, in sight of a user who is not root."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="stele-protoc-"))
        self.root.chmod(0o755)
        (self.root / "fixture").mkdir()
        plugin = self.root / "protoc-gen-test"
        shutil.copy(PLUGIN, plugin)
        fixture.make(self.root / "fixture", PROTOC, INCLUDE, plugin)
        self.count = 0

    def run(self, program, arguments, stdin=b"", env=None, name="protoc"):
        """(stdout, stderr, exit code, files) of a program that is called protoc."""
        self.count += 1
        folder = self.root / f"run{self.count}"
        fixture.prepare(folder, self.root / "fixture")
        path = f"{folder}/plugins:/usr/bin:/bin"
        done = subprocess.run([name, *arguments], executable=program, cwd=folder, input=stdin, capture_output=True,
                              check=False, timeout=120, env={"PATH": path, "LC_ALL": "C.UTF-8", **(env or {})},
                              **fixture.as_nobody())
        left = fixture.tree(folder)
        shutil.rmtree(folder)
        return done.stdout, done.stderr, done.returncode, left


@pytest.fixture(scope="module")
def place():
    place = Place()
    yield place
    shutil.rmtree(place.root)


def same(place, arguments, stdin=b"", env=None):
    want = place.run(PROTOC, arguments, stdin, env)
    got = place.run(STELE, arguments, stdin, env)
    assert got[1].decode(errors="replace") == want[1].decode(errors="replace")
    assert got[0] == want[0]
    assert got[2] == want[2]
    assert list(got[3]) == list(want[3])
    for name in want[3]:
        assert got[3][name] == want[3][name], name


@pytest.mark.parametrize("line", LINES)
def test_line(place, line):
    same(place, shlex.split(line))


@pytest.mark.parametrize("name", RAW)
def test_decode_raw(place, name):
    same(place, ["--decode_raw"], RAW[name])


@pytest.mark.parametrize("name", CODEC)
def test_codec(place, name):
    line, stdin = CODEC[name]
    paths = [] if "sets" in line else ["-Iproto", "-Iinc"]
    same(place, [*paths, *shlex.split(line)], stdin)


@pytest.mark.parametrize("kind", ["google.protobuf.Any google/protobuf/any.proto", "c.C proto/sub/c.proto"])
def test_names_in_brackets(place, kind):
    for name in BRACKETED:
        for text in (f"[{name}] {{}}", f'i: 1 [{name}]: "x"', f"[{name}"):
            same(place, ["-Iproto", "-Iinc", *f"--encode={kind}".split()], text.encode())


def test_a_default_that_is_no_value(place):
    """protoc also logs what its text parser thinks."""
    line = shlex.split("-Iproto --edition_defaults_out=defaults.binpb features_bad.proto")
    want, got = place.run(PROTOC, line), place.run(STELE, line)
    assert got[2] == want[2] == 1
    assert got[1].splitlines()[-1] == want[1].splitlines()[-1]


def test_damaged_sets(place):
    """A set that does not read as one anywhere is no set, be it in a part that nothing needs."""
    refused = 0
    whole = (place.root / "fixture/sets/all.binpb").read_bytes()
    folder = place.root / "fixture/sets"
    for number in range(24):
        damaged = bytearray(whole)
        damaged[number * 997 % len(whole)] ^= 1 << number % 8
        (folder / f"damaged{number}.binpb").write_bytes(damaged)
        line = [f"--descriptor_set_in=sets/damaged{number}.binpb", "-oout.binpb", "b.proto"]
        want, got = place.run(PROTOC, line), place.run(STELE, line)
        if b"Unable to parse" in want[1]:
            refused += 1
            assert got[1:] == want[1:], number
    assert refused >= 3


def test_codec_of_a_type_in_a_set(place):
    """No file is named: the type alone says which."""
    same(place, ["--descriptor_set_in=sets/all.binpb", "--decode=c.C.G"], b"\x0a\x02\x18\x01")
    same(place, ["--descriptor_set_in=sets/all.binpb", "--decode=c.None"], b"")


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts(place, text):
    line = shlex.split("-Iproto --encode=a.A proto/a.proto")
    want, got = place.run(PROTOC, line, text), place.run(STELE, line, text)
    assert (got[0], got[2]) == (want[0], want[2]) and got[2] == 0 and got[0]
    assert got[1].startswith(b"warning:  input:1:8, field \"b.s\": ")


@pytest.mark.parametrize("text", BAD_TEXTS)
def test_bad_texts(place, text):
    line = shlex.split("-Iproto --encode=a.A proto/a.proto")
    want, got = place.run(PROTOC, line, text), place.run(STELE, line, text)
    assert got[0] == want[0] == b""
    assert got[2] == want[2] == 1
    assert got[1] == want[1]


def test_the_fixture_sees_files(place):
    """So that no row passes because nothing was compared."""
    out, _, code, files = place.run(PROTOC, shlex.split(f"{T} --test_out=files:out -oset.binpb proto/a.proto"))
    assert (out, code) == (b"", 0)
    assert {"out/x/y/one.txt", "out/two.txt", "set.binpb"} <= set(files)


def unordered(text):
    return sorted(text.decode().splitlines())


def test_unknown_options_in_any_order(place):
    """protoc keeps them in a hash table."""
    line = shlex.split("-Iproto --foo_opt=x --bar_opt=y --python_out=out proto/a.proto")
    want, got = place.run(PROTOC, line), place.run(STELE, line)
    assert unordered(got[1]) == unordered(want[1])
    assert got[2] == want[2] == 1


# ---- What only a real protoc can do -------------------------------------------------------------

DELEGATED = ["cpp", "csharp", "java", "kotlin", "objc", "php", "ruby", "rbs"]


@pytest.mark.parametrize("language", DELEGATED)
@pytest.mark.parametrize("files", ["proto/a.proto proto/b.proto proto/sub/c.proto", "proto/edition2023.proto",
                                   "options.proto", "proto/generic.proto", "proto/services.proto wkt.proto"])
def test_delegated(place, language, files):
    same(place, shlex.split(f"-Iproto -Iinc --{language}_out=out {files}"), env={"STELE_PROTOC": str(PROTOC)})


@pytest.mark.parametrize("line", [
    "-Iproto --cpp_out=none proto/a.proto",
    "-Iproto --java_out=out.jar proto/a.proto",
    "-Iproto --java_out=lite:out.srcjar --kotlin_out=out proto/a.proto",
    "-Iproto --cpp_out=lite,dllexport_decl=X:out --cpp_opt=speed proto/a.proto",
    "-Iproto --cpp_out=nonsense:out proto/a.proto",
    "-Iproto --cpp_out=out --cpp_opt=nonsense,more proto/a.proto",
    "-Iproto --java_out=out --java_opt=a:b proto/a.proto",
    "-Iproto --rust_out=out proto/a.proto",
    "-Iproto --rust_out=experimental-codegen=enabled,kernel=upb:out proto/b.proto",
    "-Iproto --objc_out=out proto/a.proto proto/b.proto --csharp_out=out2 --csharp_opt=file_extension=.g.cs",
    "-Iproto --cpp_out=out proto/a.proto proto/a.proto",
    "-Iproto --dependency_out=out.d --cpp_out=out -oout.binpb proto/a.proto",
    "-Iproto --cpp_out=out proto/syntax_error.proto",
    "-Iproto --fatal_warnings --cpp_out=out proto/unused.proto",
    "-Iproto --pyi_out=annotate_code:out proto/a.proto",
    "-Iproto --pyi_out=my.pyi:out proto/a.proto",
    "-Iproto --python_out=experimental_strip_nonfunctional_codegen:out proto/a.proto",
    "-Iproto --cpp_out=out 'proto/ü b.proto'",
    "-Iproto --ruby_out=out proto/edition2024.proto -Iinc",
    "--descriptor_set_in=sets/all.binpb --java_out=out sub/c.proto",
    f"{T} --cpp_out=out --test_out=twice:out proto/a.proto",
    f"{T} --php_out=out --test_out=files:out proto/a.proto",
])
def test_delegated_corners(place, line):
    same(place, shlex.split(line), env={"STELE_PROTOC": str(PROTOC)})


def test_a_protoc_in_path_is_found(place, tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "own").mkdir()
    (tmp_path / "real").mkdir()
    (tmp_path / "own/protoc").symlink_to(STELE)
    (tmp_path / "real/protoc").symlink_to(PROTOC)
    env = {"PATH": f"{tmp_path}/own:{tmp_path}/real:/usr/bin:/bin"}
    for parent in tmp_path.parents:
        if parent.owner() == Path(tmp_path).owner() and parent != Path("/") and parent != Path("/tmp"):
            parent.chmod(0o755)
    same(place, shlex.split("-Iproto --cpp_out=out proto/a.proto"), env=env)


@pytest.mark.parametrize("env, part", [
    ({"PATH": "/nowhere"}, "there is none in PATH"),
    ({"STELE_PROTOC": str(STELE)}, "the one that was found is Stele again"),
    ({"STELE_PROTOC": "/no/such/protoc"}, "/no/such/protoc: not found"),
], ids=["none", "itself", "absent"])
def test_without_a_protoc(place, env, part, tmp_path):
    if env.get("STELE_PROTOC") == str(STELE):  # called by that name it is protoc, and asked it must say no
        tmp_path.chmod(0o755)
        link = place.root / "protoc"
        if not link.exists():
            link.symlink_to(STELE)
        env = {"STELE_PROTOC": str(link)}
    _, err, code, files = place.run(STELE, shlex.split("-Iproto --java_out=out proto/a.proto"), env=env)
    assert code == 1
    assert part in err.decode()
    assert not any(name.startswith("out/") for name in files)


# ---- Names ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name, is_protoc", [("protoc", True), ("protoc-36.2", True), ("/any/where/protoc", True),
                                             ("protoc-gen-stele", False), ("stele", False), ("myprotoc", False)])
def test_called_by_a_name(place, name, is_protoc):
    out, _, code, _ = place.run(STELE, ["--version"], name=name)
    assert (out == b"libprotoc 36.2\n") == is_protoc
    assert code == 0


def test_as_a_command(place):
    out, err, code, files = place.run(STELE, ["protoc", "-Iproto", "-oout.binpb", "proto/b.proto"], name="stele")
    assert (out, err, code) == (b"", b"", 0)
    assert "out.binpb" in files
    assert b"stele protoc" in place.run(STELE, ["protoc", ""], name="stele")[1]
    for words in (["help", "protoc"], ["protoc", "--help"], ["protoc", "-h"], ["protoc"]):
        out, err, code, _ = place.run(STELE, words, name="stele")
        assert (err, code) == (b"", 0)
        assert b"--descriptor_set_in" in out and b"STELE_PROTOC" in out


def test_help_names_every_flag_of_protoc(place):
    """The words differ, the flags must not."""
    want, got = (place.run(program, ["--help"])[0].decode() for program in (PROTOC, STELE))
    flags = {word.split("=")[0].rstrip(",") for line in want.splitlines() for word in line.split()[:3]
             if word.startswith("-") and line.startswith("  ") and line[2] == "-" or word.startswith("--desc")}
    flags = {flag for flag in flags if not flag.startswith(("--<", "-I", "-o"))}
    assert len(flags) > 30
    assert [flag for flag in sorted(flags) if flag not in got] == []


def test_built_in_files_need_no_folder(place):
    """A real protoc finds them in ../include beside itself."""
    line = ["-Iproto", "--include_imports", "-oout.binpb", "wkt.proto", "google/protobuf/duration.proto"]
    want, got = place.run(PROTOC, line), place.run(STELE, line)
    assert (got[0], got[1], got[2]) == (b"", b"", 0)
    assert got[3]["out.binpb"] == want[3]["out.binpb"]
    assert place.run(STELE, ["-Iproto", "-oout.binpb", "google/type/money.proto"])[2] == 1


# ---- Plugins that mean no good -------------------------------------------------------------------------

@pytest.mark.parametrize("mode, part", [
    ("sleep", "did not end within 1 seconds and was killed"),
    ("close_and_sleep", "did not end within 1 seconds and was killed"),
    ("fork_and_sleep", "did not end within 1 seconds and was killed"),
    ("flood", "larger than 1 MiB"),
])
def test_hostile_plugins(place, mode, part):
    env = {"STELE_PLUGIN_TIMEOUT": "1" if mode != "flood" else "60", "STELE_PLUGIN_LIMIT": "1"}
    out, err, code, files = place.run(STELE, shlex.split(f"{T} --test_out={mode}:out proto/a.proto"), env=env)
    assert (out, code) == (b"", 1)
    assert part in err.decode()
    assert not any(name.startswith("out/") for name in files)


def test_a_plugin_may_stop_reading(place):
    """A request larger than a pipe holds, to a program that never looks at it."""
    line = "-Iproto -Iinc --x_out=out '--x_prefix=true' --plugin=protoc-gen-x=x google/protobuf/descriptor.proto"
    same(place, shlex.split(line))


# ---- Archives can be read by others ------------------------------------------------------------------------

def test_archives_are_archives(place):
    line = shlex.split(f"{T} --test_out=many:out.jar proto/a.proto")
    files = place.run(STELE, line)[3]
    path = place.root / "check.jar"
    path.write_bytes(files["out.jar"][0])
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 301
        assert archive.read("META-INF/MANIFEST.MF").startswith(b"Manifest-Version: 1.0")
