/* cli/build_image: `stele build` of an image instead of sources.
 * Deps: cli/command.h, cli/error_format.h, input, proto/descriptor. */
#ifndef STELE_CLI_BUILD_IMAGE_H
#define STELE_CLI_BUILD_IMAGE_H

#include "cli/command.h"
#include "cli/error_format.h"
#include "proto/descriptor/descriptor.h"

/* Is the one word of the command an image by its name, such as a.binpb or a.json.gz? */
bool build_names_image(cli_args *args);

/* Reads it and writes its files as a FileDescriptorSet to `out_path`, imports only when
 * they are wanted. */
cli_exit build_from_image(cli_args *args, const stele_descriptor_options *form, stele_str out_path,
                          bool with_imports, stele_report_form report_form);

#endif
