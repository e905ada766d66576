"""The deliberate differences from score-compose: see differences.py."""

from __future__ import annotations

from conformance.differences import Groups, Reason

# What differs where we accept what the reference refuses.
ACCEPTED = ("step 1: exit", "compose.yaml")
# What differs where the reference ran a provisioner again that counts its runs.
COUNTED = ("state: resources.*.outputs.seen", "state: resources.*.state.seen", "state: shared_state.order")
NETWORK = ("compose.yaml: services.*.hostname", "compose.yaml: services.*.network_mode")

PROJECT = ("compose.yaml: name", "state: compose_project")

GROUPS: Groups = (
    (
        Reason(
            "A dollar of a Score file, single or double, is one dollar in the container wherever it stands,"
            " and so is each of an output that is not an environment variable.",
            "weak spot 5; corpus README, Dollars; docker/compose#8171",
            "reports/test_contents.py::test_a_dollar_and_two_are_one_in_the_container_wherever_they_stand",
        ),
        {
            "containers-05-dollars-in-probe": ("compose.yaml: services.lantern-wick.healthcheck.test.3",),
            "placeholders-50-file-target-not-expanded": (
                "compose.yaml: services.lantern-wick.volumes.0.target",
            ),
            "placeholders-57-volume-source-output": ("compose.yaml: services.lantern-wick.volumes.*.source",),
            "containers-02-dollars-in-command": ("compose.yaml: services.lantern-wick.entrypoint.*",),
            "containers-03-dollars-twice": (
                "compose.yaml: services.lantern-wick.command.*",
                "again.yaml: services.lantern-wick.command.*",
            ),
            "placeholders-08-variable-output-not-rescanned": (
                "compose.yaml: services.lantern-wick.environment.A",
            ),
            "placeholders-27-variable-unclosed": ("compose.yaml: services.lantern-wick.environment.*",),
            "provisioners-201-cmd-args": ("compose.yaml: services.lantern-wick.environment.A",),
        },
    ),
    (
        Reason(
            "A dot in a name of a placeholder is escaped in the Score file as it is in a mounted file.",
            "score-compose#94",
            "reports/test_contents.py::test_a_dot_in_a_name_is_escaped",
        ),
        {"placeholders-25-variable-backslash-dot": ACCEPTED},
    ),
    (
        Reason(
            "A port is published for the protocol that the Score file declares, or that the flag names.",
            "kompose#158",
            "reports/test_parts.py::test_a_port_is_published_with_its_protocol",
        ),
        {"publish-50-container-port-protocol": ACCEPTED},
    ),
    (
        Reason(
            "A second YAML document is an error: what it says would be lost.",
            "compose-go#451",
            "reports/test_words.py::test_a_second_document_is_an_error",
        ),
        {
            "overrides-33-file-multi-document": ACCEPTED,
            "provisioners-14-multi-document-file": ("step 0: exit", "step 1: lacks *"),
            "spec-226-multi-document": ACCEPTED,
        },
    ),
    (
        Reason(
            "A Compose file that was not made for this project is an error without --force.",
            "corpus README, Commands",
            "reports/test_files_of_others.py::test_a_compose_file_that_is_not_ours_is_replaced_with_force_only",
        ),
        {"commands-83-generate-output-overwrites": ("step 1: exit", "compose.yaml: *")},
    ),
    (
        Reason(
            "An environment file keeps its other lines.",
            "corpus README, Commands",
            "reports/test_files_of_others.py::test_an_environment_file_keeps_what_is_in_it",
        ),
        {"provisioners-231-env-file-overwrites": ("file: out.env",)},
    ),
    (
        Reason(
            "The network of a workload belongs to a container that waits for none of those that share it:"
            " Compose refuses the reference's choice as a cycle.",
            "weak spot 7",
            "test_compose_convert.py::test_a_sidecar_that_starts_first_owns_the_network",
        ),
        {
            "containers-13-before-mixed": ("compose.yaml: services.lantern-setup.network_mode",),
            "containers-15-before-healthy-liveness": NETWORK,
            "containers-18-before-many": NETWORK,
            "patches-03-set-types": NETWORK,
            "patches-04-set-no-value": NETWORK,
            "patches-05-set-array-index": NETWORK,
            "patches-07-set-array-past-end": NETWORK,
            "patches-09-set-array-element-map": NETWORK,
            "patches-11-delete": NETWORK,
            "patches-12-delete-missing": NETWORK,
            "patches-13-delete-array-index": NETWORK,
            "patches-14-delete-with-value": NETWORK,
            "patches-15-delete-service": NETWORK,
            "patches-19-colon-number-key": NETWORK,
            "patches-21-wildcard-no-match": NETWORK,
            "patches-36-whitespace-template": NETWORK,
            "patches-37-empty-list": NETWORK,
            "patches-38-null-result": NETWORK,
            "patches-39-json-result": NETWORK,
            "patches-40-multi-document": NETWORK,
            "patches-48-set-durations": NETWORK,
            "patches-52-template-data": NETWORK,
            "patches-55-template-conditional": NETWORK,
            "patches-64-templates-replaced": NETWORK,
            "patches-65-templates-kept": NETWORK,
            "patches-66-templates-from-directory": NETWORK,
            "patches-67-template-file-uri": NETWORK,
            "patches-68-template-stdin": NETWORK,
            "patches-70-state-not-patched": NETWORK,
            "patches-72-failure-keeps-output": NETWORK,
            "patches-78-wildcard-match": NETWORK,
            "patches-86-large-numbers": NETWORK,
            "patches-53-template-compose-json": (*NETWORK, "compose.yaml: services.lantern-glass.labels.all"),
        },
    ),
    (
        Reason(
            "An exec liveness probe becomes the healthcheck although there is an httpGet readiness probe,"
            " for which Compose has no equivalent.",
            "weak spot 7; corpus README, Containers",
            "test_compose_convert.py::"
            "test_an_exec_liveness_probe_is_used_beside_an_http_readiness_probe_which_is_noticed",
        ),
        {
            "containers-25-probe-http-hides-liveness": ("compose.yaml: services.lantern-wick.healthcheck",),
        },
    ),
    (
        Reason(
            "The short forms that Compose accepts are accepted in provisioners and in --build.",
            "corpus README, Provisioners",
            "test_compose_service.py::test_short_forms_become_long_forms",
        ),
        {
            "containers-44-build-json-ssh-list": ACCEPTED,
            "provisioners-149-service-short-ports": ACCEPTED,
            "provisioners-150-service-short-volumes": ACCEPTED,
            "provisioners-152-service-networks-list": ACCEPTED,
            "provisioners-153-service-build-string": ACCEPTED,
            "provisioners-154-service-env-file": ACCEPTED,
        },
    ),
    (
        Reason(
            "What was stored can be read again, whatever it is.",
            "corpus README, State file",
            "test_differences.py::test_a_build_that_was_given_is_remembered_as_it_was",
        ),
        {
            "containers-42-build-json": ("state: workloads.lantern.build_configs.wick.shm_size",),
            "containers-43-build-json-list-args": (
                "state: workloads.lantern.build_configs.wick.extra_hosts",
                "state: workloads.lantern.build_configs.wick.ulimits.nofile",
            ),
            "containers-48-build-json-ulimits-regenerate": ("step 2: exit",),
            "spec-282-variables-leading-tab-poisons-state": ("step 2: exit", "compose.yaml"),
        },
    ),
    (
        Reason(
            "Text of several lines keeps all its line breaks, at the beginning and alone too.",
            "corpus README, State file",
            "test_differences.py::test_line_breaks_of_variables_are_kept",
        ),
        {
            "containers-02-dollars-in-command": ("state: workloads.lantern.spec.containers.wick.command.22",),
            "provisioners-84-template-strings": ("state: resources.tallow.default#lantern.store.outputs.k",),
            "spec-74-variables-multi-line": (
                "compose.yaml: services.lantern-wick.environment.F",
                "compose.yaml: services.lantern-wick.environment.G",
                "state: workloads.lantern.spec.containers.wick.variables.*",
            ),
            "spec-279-variables-multi-line-regenerate": (
                "compose.yaml: services.lantern-wick.environment.F",
                "compose.yaml: services.lantern-wick.environment.G",
                "again.yaml: services.lantern-wick.environment.F",
                "again.yaml: services.lantern-wick.environment.G",
                "state: workloads.lantern.spec.containers.wick.variables.*",
            ),
        },
    ),
    (
        Reason(
            "Files of one base name are files of their own.",
            "weak spot 4; corpus README, Files and volumes",
            "test_compose_convert.py::test_files_of_one_base_name_do_not_meet",
        ),
        {
            "files-39-same-basename": ("compose.yaml: services.lantern-wick.volumes.0.source",),
            "files-40-same-basename-two-containers": ("compose.yaml: services.*.volumes.0.source",),
        },
    ),
    (
        Reason(
            "In an overrides file null deletes, as an empty --override-property does.",
            "corpus README, Flags, overrides, patches",
            "test_overrides.py::test_null_deletes_at_every_depth_but_not_in_lists",
        ),
        {
            "overrides-04-file-null-metadata": ("state: workloads.lantern.spec.metadata.*",),
            "overrides-05-file-null-annotation": ACCEPTED,
        },
    ),
    (
        Reason(
            "An --override-property that deletes what is not there changes nothing.",
            "corpus README, Flags, overrides, patches",
            "test_overrides.py::test_keys_are_deleted_and_missing_ones_are_nothing_to_delete",
        ),
        {"overrides-51-prop-delete-missing-parent": ("state: workloads.lantern.spec.metadata.nope",)},
    ),
    (
        Reason(
            "What a template sets in the data that it is given is seen by that template alone.",
            "corpus README, State file",
            "test_provisioning_run.py::test_what_a_template_sets_is_seen_by_it_and_by_nobody_else",
        ),
        {"provisioners-106-template-set-on-shared-leaks": ("state: shared_state.leak",)},
    ),
    (
        Reason(
            "A resource that reads the shared state has read it as it is at the end of the run.",
            "weak spot 1: what is up to date needs no second run",
            "test_differences.py::test_a_resource_sees_the_shared_state_as_it_is_at_the_end",
        ),
        {
            "provisioners-113-shared-list-replaced": (
                "state: resources.tallow.default#lantern.p0.outputs.seen",
            ),
            "provisioners-114-shared-map-over-scalar": (
                "state: resources.tallow.default#lantern.p0.outputs.seen",
            ),
            # What it contributes itself too: it is run again with that.
            "provisioners-119-shared-visible-in-outputs": (
                "state: resources.tallow.default#lantern.store.outputs.before.k",
            ),
            "provisioners-185-cmd-everything": (
                "file: input.json: resource_state.n",
                "file: input.json: shared_state.s",
            ),
        },
    ),
    (
        Reason(
            "Keys that begin with x-, which are for users of Compose, are kept wherever they come from.",
            "corpus README, Provisioners",
            "test_compose_patch.py::test_new_entries_come_in_every_section",
        ),
        {
            "patches-43-extension-field": ACCEPTED,
            "patches-44-extension-top": ACCEPTED,
        },
    ),
    (
        Reason(
            "What is depended on is required unless the provisioner says otherwise, as Compose has it.",
            "corpus README, Provisioners",
            "test_compose_service.py::test_dependencies_are_required_unless_they_say_otherwise",
        ),
        {
            "patches-49-new-service": (
                *NETWORK,
                "compose.yaml: services.extra.depends_on.lantern-wick.required",
            ),
        },
    ),
    (
        Reason(
            "create_host_path of a bind mount is what the provisioner says, and true if it says nothing, as"
            " Compose has it.",
            "corpus README, Files and volumes",
            "test_compose_convert.py::test_outputs_describe_a_mount",
        ),
        {
            "patches-75-resource-objects": ("compose.yaml: services.vat.volumes.1.bind.create_host_path",),
            "volumes-21-bind-options": (
                "compose.yaml: services.lantern-wick.volumes.0.bind.create_host_path",
            ),
        },
    ),
    (
        Reason(
            "What is in the way below the mounts directory gets another name, with a warning, where the"
            " reference stops.",
            "a path there is ours; what somebody put there may be the data of a container",
            "test_engine_disk.py::test_what_was_put_there_by_hand_gets_another_name",
        ),
        {
            "provisioners-123-directories-over-file": (*ACCEPTED, "mounts: loose.txt", "mounts: loose.txt.*"),
            "provisioners-138-files-over-directory": (*ACCEPTED, "mounts: old/*", "mounts: old.*"),
        },
    ),
    (
        Reason(
            "A tmpfs mount has no source.",
            "corpus README, Files and volumes",
            "test_compose_convert.py::test_outputs_describe_a_mount",
        ),
        {"volumes-13-tmpfs": ("compose.yaml: services.lantern-wick.volumes.0.source",)},
    ),
    (
        Reason(
            "A mount option that Compose does not know, and would refuse, is left out with a warning.",
            "corpus README, Provisioners",
            "test_differences.py::test_an_unknown_mount_option_is_left_out_with_a_warning",
        ),
        {"volumes-09-volume-extra-option": ("compose.yaml: services.lantern-wick.volumes.0.volume.copy",)},
    ),
    (
        Reason(
            "A project is patched whatever Compose allows in it.",
            "corpus README, Flags, overrides, patches",
            "test_differences.py::test_a_project_with_extra_hosts_is_patched",
        ),
        {"patches-76-extra-hosts-break": ACCEPTED},
    ),
    (
        Reason(
            "A provisioner file without entries is as good as none.",
            "decided: an empty file is how somebody begins to write one",
            "test_provisioning_files.py::test_a_file_may_have_no_entries",
        ),
        {"provisioners-11-empty-file": ACCEPTED},
    ),
    (
        Reason(
            "Nothing waits for a healthcheck that is disabled.",
            "corpus README, Provisioners",
            "test_compose_project.py::test_what_is_awaited_of_a_service",
        ),
        {
            "provisioners-174-wait-conditions": (
                "compose.yaml: services.wait-for-resources.depends_on.disabled.condition",
            ),
        },
    ),
    (
        Reason(
            "A resource's service that is called wait-for-resources keeps its name, and ours takes another.",
            "corpus README, Provisioners",
            "test_compose_project.py::test_the_wait_service_takes_a_free_name",
        ),
        {
            "provisioners-177-wait-name-taken": (
                "compose.yaml: services.wait-for-resources.*",
                "compose.yaml: services.wait-for-resources-2",
                "compose.yaml: services.lantern-wick.depends_on.wait-for-resources*",
            ),
        },
    ),
    (
        Reason(
            "Large whole numbers of a command keep all their digits.",
            "corpus README, Provisioners",
            "test_provisioning_command.py::test_numbers_keep_their_digits",
        ),
        {
            "provisioners-181-cmd-outputs": (
                "compose.yaml: services.lantern-wick.environment.A",
                "state: resources.tallow.default#lantern.store.outputs.big",
            ),
        },
    ),
    (
        Reason(
            "Commands are told service_name, as the reference's documentation has it, beside the ServiceName"
            " that the reference gives.",
            "weak spot 12; corpus README, Provisioners",
            "test_provisioning_command.py::test_the_request_tells_everything",
        ),
        {
            "provisioners-183-cmd-input-minimal": ("file: input.json: *.service_name",),
            "provisioners-184-cmd-input-previous-state": ("file: input.json: *.service_name",),
            "provisioners-185-cmd-everything": ("file: input.json: *.service_name",),
        },
    ),
    (
        Reason(
            "A run that has nothing to do runs no provisioner, so what these count does not rise.",
            "weak spot 1",
            "test_differences.py::test_a_run_that_has_nothing_to_do_runs_no_provisioner",
        ),
        {
            "provisioners-108-state-sees-old-state": ("state: resources.tallow.default#lantern.store.*",),
            "resources-39-state-kept": COUNTED,
            "resources-44-resource-moved-by-id": COUNTED,
        },
    ),
    (
        Reason(
            "The built-in environment provisioner is there for what no declared one fits.",
            "corpus README, Provisioners",
            "test_differences.py::test_a_declared_environment_provisioner_leaves_the_others_to_the_built_in_one",
        ),
        {"provisioners-224-env-declared-class-mismatch": ACCEPTED},
    ),
    (
        Reason(
            "A resource may get another provisioner: it is provisioned anew, with the state that it has.",
            "weak spot 13",
            "test_differences.py::test_a_resource_may_get_another_provisioner",
        ),
        {"provisioners-236-env-uri-change": ("step 3: exit",)},
    ),
    (
        Reason(
            "Every port from 1 to 65535 may be published.",
            "corpus README, Flags, overrides, patches",
            "test_compose_publish.py::test_a_flag_is_taken_apart_at_its_first_and_last_colon",
        ),
        {"publish-49-container-port-one": ACCEPTED},
    ),
    (
        Reason(
            "No message shows the value of an output, which may be a password; it names the output instead.",
            "house rule for messages",
            "test_compose_publish.py::test_references_that_lead_nowhere",
        ),
        {
            "publish-22-resource-output-not-service": ("step 1: lacks nobody",),
            "publish-26-resource-wait-service": ("step 3: lacks vat-lantern-db",),
        },
    ),
    (
        Reason(
            "A shared resource is provisioned once, after everything that its params refer to.",
            "weak spot 6; corpus README, Resources",
            "test_resources.py::test_a_shared_resource_waits_for_what_the_params_of_one_workload_mention",
        ),
        {
            "resources-34-shared-id-dependency-sorts-first": ("step 2: stdout", *COUNTED),
            "resources-35-shared-id-dependency-sorts-last": ACCEPTED,
        },
    ),
    (
        Reason(
            "What is in no Score file any more is in the project no more: resources, and workloads whose file"
            " is gone or has another name now.",
            "weak spot 3; corpus README",
            "test_differences.py::test_what_is_in_no_score_file_any_more_is_gone",
        ),
        {
            "resources-41-resource-removed": ("step 5: exit", "step 5: stdout"),
            "resources-42-all-resources-removed": (
                "state: resources.show.default#lantern.store.outputs",
                "state: resources.show.default#lantern.store.source_workload",
                "state: shared_state.order",
            ),
            "resources-46-workload-stays": (
                "compose.yaml: services.lamp-a-wick",
                "state: workloads.lamp-a",
                "state: resources.show.default#lamp-a.store.*",
                "state: shared_state.order",
            ),
            "resources-47-workload-renamed": (
                "compose.yaml: services.before-wick",
                "state: workloads.before",
                "state: resources.show.default#before.store.*",
                "state: shared_state.order",
            ),
        },
    ),
    (
        Reason(
            "A directory whose name leaves no name that Compose accepts gives the project a usable one.",
            "corpus README, State file",
            "test_differences.py::test_a_directory_of_any_name_gives_a_project_name",
        ),
        {
            "commands-32-init-directory-name-underscores": PROJECT,
            "commands-35-init-directory-name-dots": PROJECT,
            "commands-36-init-directory-name-one-underscore": PROJECT,
        },
    ),
    (
        Reason(
            "An init that fails takes nothing in.",
            "house rule: all or nothing",
            "test_differences.py::test_an_init_that_fails_takes_nothing_in",
        ),
        {
            "commands-58-init-provisioners-second-bad": (
                "file: .score-compose/<taken in>.provisioners.yaml",
            ),
        },
    ),
    (
        Reason(
            "Whether every file can be written is looked at before one is: a run that cannot write the env"
            " file writes no Compose file either.",
            "corpus README, State file; house rule: all or nothing",
            "test_differences.py::test_a_run_that_cannot_write_its_env_file_writes_nothing",
        ),
        {"provisioners-232-env-file-bad-path": ("compose.yaml",)},
    ),
    (
        Reason(
            "A project that is taken over has its mounts directory in our state, also where the reference's"
            " was /dev/null to have none.",
            "corpus README: the mounts directory's path is normalised",
            "test_differences.py::test_a_project_that_had_no_mounts_directory_has_ours",
        ),
        {"files-51-mounts-directory-dev-null": ("step 0: exit", "compose.yaml")},
    ),
    (
        Reason(
            "A provisioner that wants no file at a path is content with a directory there, which stays.",
            "decided: nothing that others put there is removed, and nothing is in the way",
            "test_differences.py::test_a_directory_where_no_file_is_wanted_is_left_alone",
        ),
        {"provisioners-136-files-delete-directory": ACCEPTED},
    ),
    (
        Reason(
            "Flags and arguments are checked before any file is read, so the message names the argument and"
            " not the workload.",
            "house rule: say what is wrong where the user wrote it",
            "test_error_messages.py::test_the_message[bad override path]",
        ),
        {
            "commands-70-generate-same-file-twice": ("step 1: lacks lantern",),
            "overrides-75-prop-empty-path": ("step 1: lacks lantern",),
        },
    ),
    (
        Reason(
            "A list in another format than those there are is an error.",
            "facts on score-k8s, D25: it is so for both targets",
            "test_arguments.py::test_lists_are_tables_or_json",
        ),
        {"commands-100-resources-list-unknown-format": ("step 2: exit", "step 2: stdout")},
    ),
    (
        Reason(
            "A workload whose name is missing or no text is called by its file.",
            "house rule: say what is wrong where the user wrote it",
            "test_error_messages.py::test_the_message[missing name]",
        ),
        {
            "overrides-24-file-name-number": ("step 1: lacks lantern",),
            "overrides-84-prop-name-delete": ("step 1: lacks lantern",),
        },
    ),
)
