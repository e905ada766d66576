"""The deliberate differences from score-k8s: see differences.py."""

from __future__ import annotations

from conformance.differences import Groups, Reason

ACCEPTED = REFUSED = ("step 1: exit", "manifests.yaml")
"""What differs where one of us takes what the other does not."""
ENV = "manifests.yaml: Deployment/loom.spec.template.spec.containers.0.env"

EVERYWHERE = {
    "labels": Reason(
        "Objects say that doit-score manages them and of which project they are, ConfigMaps of files too.",
        "issue 13: what left a project is pruned by its labels",
        "test_kubernetes_convert.py::test_a_workload_is_a_deployment_with_labels_of_ours",
    ),
    "instance": Reason(
        "The instance label is a digest of project and workload: a state that is lost changes no selector,"
        " which cannot be changed in a cluster.",
        "issue 13",
        "test_kubernetes_convert.py::test_the_instance_is_of_project_and_workload_and_always_the_same",
    ),
    "files": Reason(
        "Files are mounted one by one, read-only, from text in ConfigMaps: the directory of the image stays.",
        "facts D12, D13, D15",
        "test_kubernetes_mounts.py::test_a_file_is_mounted_by_itself_from_text",
    ),
    "content": Reason(
        "A digest of what the pod sees in files, Secrets and ConfigMaps rolls the pods when that changes.",
        "facts D14",
        "test_kubernetes_convert.py::test_a_changed_file_changes_the_pod",
    ),
    "startup": Reason(
        "A container with a liveness probe has five minutes to start before it counts.",
        "issue 13: startup of slow containers",
        "test_kubernetes_pod.py::test_a_liveness_probe_is_the_startup_probe_too",
    ),
}
"""The reasons for what kubernetes.py takes away in every case, by its names."""

GROUPS: Groups = (
    (
        Reason(
            "A source is within the directory of its Score file, as for Compose.",
            "house rule: a Score file of somebody else reads no file outside of its directory",
            "test_kubernetes_mounts.py::test_a_source_that_cannot_be_read",
        ),
        {"k8s-files-16-source-parent": REFUSED},
    ),
    (
        Reason(
            "A source that is not UTF-8 is taken as it is, as for Compose: nothing in it is a placeholder.",
            "facts 7: the reference wants noExpand, which cannot mean anything else here",
            "test_kubernetes_mounts.py::test_bytes_that_are_no_text_are_base64",
        ),
        {"k8s-files-19-source-binary": ACCEPTED},
    ),
    (
        Reason(
            "Volumes are named by container and target, so that two containers have each its own file.",
            "facts D3",
            "test_kubernetes_mounts.py::test_two_containers_have_each_its_own_file_at_one_path",
        ),
        {
            "k8s-files-29-same-target-two-containers": (
                "manifests.yaml: ConfigMap/loom-picker-file-5ae34e6d89",
                "manifests.yaml: Deployment/loom.spec.template.spec.containers.0.sees./etc/loom/card.content",
            ),
        },
    ),
    (
        Reason(
            "A claim of a StatefulSet is named after its resource: no other mount takes its data away.  In a"
            " project that was taken over the names are the reference's.",
            "a container that was added took the claim of another, or gave it an empty one",
            "test_kubernetes_mounts.py::test_another_container_takes_no_claim_away",
        ),
        {
            "k8s-files-61-claim-statefulset-two": (
                "manifests.yaml: StatefulSet/loom.spec.volumeClaimTemplates.0.metadata.name",
                "manifests.yaml: StatefulSet/loom.spec.volumeClaimTemplates.1.metadata.name",
            ),
        },
    ),
    (
        Reason(
            "A secret with a line break at the end, as YAML writes it, is the secret alone.",
            "facts D39",
            "test_kubernetes_mounts.py::test_a_secret_with_a_line_break_is_the_secret",
        ),
        {"k8s-files-36-secret-newline": ACCEPTED},
    ),
    (
        Reason(
            "What is in no namespace, such as a ClusterRole, gets none.",
            "facts 8",
            "test_kubernetes_objects.py::test_what_is_in_no_namespace_gets_none",
        ),
        {
            "k8s-flags-01-namespace": (
                "manifests.yaml: ClusterRole/mill/spin",
                "manifests.yaml: ClusterRole/spin",
            )
        },
    ),
    (
        Reason(
            "The namespace is remembered until another is named.",
            "facts D23",
            "test_kubernetes_project.py::test_the_namespace_is_remembered",
        ),
        {
            "k8s-flags-04-namespace-forgotten": (
                "manifests.yaml: Deployment/loom",
                "manifests.yaml: Deployment/mill/loom",
            ),
        },
    ),
    (
        Reason(
            "A namespace that no cluster can have is an error.",
            "facts D37",
            "test_kubernetes_project.py::test_a_namespace_that_cannot_be",
        ),
        {"k8s-flags-06-namespace-invalid": REFUSED},
    ),
    (
        Reason(
            "The message is about the flag that was given.",
            "house rule: say what is wrong where the user wrote it",
            "test_cli_generate.py::test_flags_for_one_score_file_with_two",
        ),
        {
            "k8s-flags-16-image-two-files": (
                "step 1: lacks --override-property",
                "step 1: lacks --overrides-file",
            ),
            "k8s-flags-28-override-two-files": ("step 1: lacks --overrides-file", "step 1: lacks --image"),
        },
    ),
    (
        Reason(
            "--image without a Score file changes nothing, and says so, as for Compose.",
            "decided: one command for both targets",
            "test_cli_generate.py::test_an_image_or_a_build_without_a_score_file_changes_nothing",
        ),
        {"k8s-flags-18-image-no-file": ("step 2: exit",)},
    ),
    (
        Reason(
            "A file that was not made for this project is an error without --force.",
            "as for Compose",
            "test_kubernetes_project.py::test_a_file_that_is_not_ours_is_replaced_with_force_only",
        ),
        {"k8s-flags-33-output-replaces": ("step 1: exit", "manifests.yaml: Deployment/loom")},
    ),
    (
        Reason(
            "What a patch changes or adds is checked as what a provisioner gives.",
            "facts D26, D28, D29",
            "test_kubernetes_patch.py::test_what_a_patch_makes_is_checked",
        ),
        {
            "k8s-patches-06-set-deep-missing": REFUSED,
            "k8s-patches-19-add-unchecked": REFUSED,
            "k8s-patches-43-secret-ref-left": REFUSED,
            "k8s-patches-44-substitute-secret": REFUSED,
        },
    ),
    (
        Reason(
            "A patch past the end of a list, or below a text, is an error.",
            "facts D28",
            "test_patching.py::test_what_a_strict_patch_refuses",
        ),
        {
            "k8s-patches-08-set-manifest-out-of-range": REFUSED,
            "k8s-patches-11-set-below-text": REFUSED,
        },
    ),
    (
        Reason(
            "An object that a patch adds is in the namespace too.",
            "facts 8",
            "test_kubernetes_patch.py::test_an_object_that_is_added_is_in_the_namespace",
        ),
        {
            "k8s-patches-18-add-manifest-namespace": (
                "manifests.yaml: ConfigMap/added",
                "manifests.yaml: ConfigMap/mill/added",
            ),
        },
    ),
    (
        Reason(
            "A patch template that prints a comment alone patches nothing.",
            "facts D30",
            "test_kubernetes_patch.py::test_a_template_that_prints_nothing_patches_nothing",
        ),
        {"k8s-patches-21-comment-only": ACCEPTED},
    ),
    (
        Reason(
            "What substituteValue cannot replace is an error.",
            "facts D18",
            "test_kubernetes_patch.py::test_what_cannot_be_substituted_is_an_error",
        ),
        {"k8s-patches-39-substitute-unknown-workload": REFUSED},
    ),
    (
        Reason(
            "A number is what it was: whole or not, with all its digits.",
            "facts D17, D40",
            "test_kubernetes_patch.py::test_numbers_stay_what_they_are",
        ),
        {
            "k8s-patches-41-numbers": ("manifests.yaml: Spindle/nums.spec.*",),
            "k8s-provisioners-23-manifests-value-types": (
                "manifests.yaml: Spindle/types.spec.b",
                "manifests.yaml: Spindle/types.spec.i",
            ),
        },
    ),
    (
        Reason(
            "Dollars reach the container as they are: what Kubernetes would read in them is doubled.",
            "facts D16",
            "test_kubernetes_pod.py::test_dollars_reach_the_container",
        ),
        {
            "k8s-placeholders-08-not-rescanned": (f"{ENV}.0.value",),
            "k8s-placeholders-09-escapes": (f"{ENV}.5.value", f"{ENV}.6.value"),
            "k8s-workloads-43-variables-dollars": (f"{ENV}.1.value", f"{ENV}.3.value"),
        },
    ),
    (
        Reason(
            "A run that has nothing to do runs no provisioner, so what these count does not rise.",
            "as for Compose",
            "test_differences.py::test_a_run_that_has_nothing_to_do_runs_no_provisioner",
        ),
        {"k8s-provisioners-06-state-kept": (f"{ENV}.0.value",)},
    ),
    (
        Reason(
            "Objects of every kind that we know are checked, and those of commands too.",
            "facts D26",
            "test_kubernetes_objects.py::test_fields_that_the_api_does_not_know",
        ),
        {
            "k8s-provisioners-36-manifests-job-unknown-field": REFUSED,
            "k8s-provisioners-89-cmd-manifests-unchecked": REFUSED,
        },
    ),
    (
        Reason(
            "The name of a Secret that no Secret can have is an error, and not split in another place.",
            "facts D31",
            "test_references.py::test_what_no_object_or_key_can_be_called",
        ),
        {"k8s-provisioners-56-secret-ref-underscore": REFUSED},
    ),
    (
        Reason(
            "A Score file counts as it is, not as it was when it last could be generated.",
            "as for Compose",
            "test_kubernetes_project.py::test_a_score_file_counts_as_it_is",
        ),
        {"k8s-provisioners-66-error-saves-nothing": ("step 4: exit",)},
    ),
    (
        Reason(
            "A resource may get another provisioner: it is provisioned anew, with the state that it has.",
            "as for Compose",
            "test_differences.py::test_a_resource_may_get_another_provisioner",
        ),
        {"k8s-provisioners-81-uri-changed": ("step 3: exit",)},
    ),
    (
        Reason(
            "Commands are told service_name beside the ServiceName that the reference gives.",
            "as for Compose",
            "test_provisioning_command.py::test_the_request_tells_everything",
        ),
        {
            "k8s-provisioners-84-cmd-input": ("file: seen.json: workload_services.loom.service_name",),
            "k8s-provisioners-86-cmd-input-state": ("file: seen.json: workload_services.loom.service_name",),
        },
    ),
    (
        Reason(
            "A list as JSON is a list, also an empty one.",
            "facts D32",
            "test_answers_listing.py::test_no_resources_as_json",
        ),
        {"k8s-resources-04-list-none-json": ("step 2: stdout",)},
    ),
    (
        Reason(
            "What is in no Score file any more is in the project no more.",
            "as for Compose",
            "test_differences.py::test_what_is_in_no_score_file_any_more_is_gone",
        ),
        {"k8s-resources-08-get-after-removal": ("step 4: exit", "step 4: stdout")},
    ),
    (
        Reason(
            "A list in another format than those there are is an error.",
            "facts D25",
            "test_arguments.py::test_lists_are_tables_or_json",
        ),
        {"k8s-resources-06-list-unknown-format": ("step 2: exit", "step 2: stdout")},
    ),
    (
        Reason(
            "Parameters, outputs and provisioners of one type are listed in the order in which they are"
            " written and count.",
            "as score-compose has it",
            "test_cli.py::test_provisioners_list_shows_the_order_in_which_they_count",
        ),
        {
            "k8s-resources-23-provisioners-json": ("step 2: stdout.*.Outputs.*", "step 2: stdout.2.Params.*"),
            "k8s-resources-26-provisioners-same-type": ("step 2: stdout.*.Class",),
        },
    ),
    (
        Reason(
            "A kind that no workload can be is an error.",
            "facts D1, D33",
            "test_kubernetes_convert.py::test_a_kind_that_no_workload_is",
        ),
        {
            "k8s-workloads-08-kind-job": REFUSED,
            "k8s-workloads-09-kind-daemonset": REFUSED,
            "k8s-workloads-11-kind-empty": REFUSED,
        },
    ),
    (
        Reason(
            "A request above its limit is an error.",
            "facts D24",
            "test_kubernetes_pod.py::test_a_request_above_its_limit",
        ),
        {"k8s-workloads-51-resources-request-above-limit": REFUSED},
    ),
    (
        Reason(
            "A probe that would do two things is an error.",
            "facts D36",
            "test_kubernetes_pod.py::test_a_probe_that_is_none",
        ),
        {"k8s-workloads-59-probe-http-and-exec": REFUSED},
    ),
    (
        Reason(
            "A container that is before others is an init container.",
            "facts D5",
            "test_kubernetes_pod.py::test_a_container_before_others",
        ),
        {
            "k8s-workloads-61-before-started": (
                "manifests.yaml: Deployment/loom.spec.template.spec.containers",
                "manifests.yaml: Deployment/loom.spec.template.spec.initContainers",
            ),
        },
    ),
    (
        Reason(
            "A label is never longer than Kubernetes takes: a digest stands for the end of a long name.",
            "facts D10",
            "test_kubernetes_convert.py::test_long_names_are_shortened",
        ),
        {"k8s-workloads-64-name-53": ("manifests.yaml: Deployment/*.app.kubernetes.io/instance",)},
    ),
    (
        Reason(
            "A workload whose name no Service can have is an error, if it has ports.",
            "facts D11",
            "test_kubernetes_convert.py::test_a_name_that_no_service_can_have",
        ),
        {"k8s-workloads-66-name-digit-first": REFUSED},
    ),
)
