// Writes fields.py: what the objects of Kubernetes are made of, from the types of its API.
package main

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const (
	target = "../../../tasks/doit_score/targets/kubernetes/fields.py"
	width  = 106
	head   = `"""What the objects of Kubernetes are made of, as its API has them (1.34).

Written by tests/kubernetes/fields (` + "``go run .``" + `), which asks the types that the API server itself uses.
"""

KINDS = {
`
	between = `}
"""The kinds that are checked, by version of the API; each is a type of its own name below."""

# fmt: off
TYPES = """
`
	tail = `"""
"""A type, and its fields with their types: ` + "``text flag whole number quantity port time bytes any``" + `, another
type, ` + "``[]`` for a list and ``{}``" + ` for a mapping of one."""
`
)

// What nobody writes into manifests: parts of requests and answers, and what the cluster makes itself.
var others = []string{"APIGroup", "APIVersions", "Binding", "ComponentStatus", "Event", "Eviction", "IPAddress", "Node",
	"PodStatusResult", "RangeAllocation", "Scale", "SerializedReference", "ServiceCIDR", "Status", "WatchEvent"}

// The volumes that are looked into; those of other drivers are left to the API server.
var volumes = []string{"ConfigMap", "CSI", "DownwardAPI", "EmptyDir", "Ephemeral", "HostPath", "Image", "NFS",
	"PersistentVolumeClaim", "Projected", "Secret", ""}

var special = map[string]string{
	"resource.Quantity":       "quantity",
	"intstr.IntOrString":      "port",
	"v1.Time":                 "time",
	"v1.MicroTime":            "time",
	"v1.FieldsV1":             "any",
	"runtime.RawExtension":    "any",
	"v1.PersistentVolumeSpec": "any",
}

var (
	titles = map[reflect.Type]string{}
	fields = map[string]string{}
)

// How a type is called in the table; what it is made of is added to it.
func name(t reflect.Type) string {
	if found, ok := special[t.String()]; ok {
		return found
	}
	if kind, ok := strings.CutSuffix(t.Name(), "VolumeSource"); ok && !slices.Contains(volumes, kind) {
		return "any"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return name(t.Elem())
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "flag"
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint8:
		return "whole"
	case reflect.Float64:
		return "number"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + name(t.Elem())
	case reflect.Map:
		return "{}" + name(t.Elem())
	case reflect.Struct:
		return structure(t)
	}
	return "any"
}

func structure(t reflect.Type) string {
	if found, ok := titles[t]; ok {
		return found
	}
	title := t.Name()
	for n := 2; fields[title] != ""; n++ {
		title = fmt.Sprintf("%s%d", t.Name(), n)
	}
	titles[t], fields[title] = title, "-" // it may be a part of itself
	found := collect(t)
	slices.Sort(found)
	fields[title] = strings.Join(found, " ")
	return title
}

func collect(t reflect.Type) []string {
	found := []string{}
	for i := range t.NumField() {
		field := t.Field(i)
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case tag == "" && field.Anonymous:
			found = append(found, collect(field.Type)...)
		case tag == "" || tag == "-":
		case tag == "managedFields" || tag == "status" && strings.HasSuffix(field.Type.Name(), "Status"):
			found = append(found, tag+":any") // the cluster's own
		default:
			found = append(found, tag+":"+name(field.Type))
		}
	}
	return found
}

// The kinds by version, and their types in the table.
func kinds() map[string][]string {
	scheme, found := runtime.NewScheme(), map[string][]string{}
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, autoscalingv2.AddToScheme, batchv1.AddToScheme,
		corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme} {
		if err := add(scheme); err != nil {
			panic(err)
		}
	}
	types := scheme.AllKnownTypes()
	every := []string{}
	for one := range types {
		suffixed := strings.HasSuffix(one.Kind, "List") || strings.HasSuffix(one.Kind, "Options")
		if one.Version != runtime.APIVersionInternal && !suffixed && !slices.Contains(others, one.Kind) {
			every = append(every, one.GroupVersion().String()+" "+one.Kind)
		}
	}
	slices.Sort(every)
	for _, one := range every {
		version, kind, _ := strings.Cut(one, " ")
		for known, t := range types {
			if known.GroupVersion().String() == version && known.Kind == kind && structure(t) != kind {
				panic("two types are called " + kind)
			}
		}
		found[version] = append(found[version], kind)
	}
	return found
}

func sorted[V any](values map[string]V) []string {
	found := []string{}
	for key := range values {
		found = append(found, key)
	}
	slices.Sort(found)
	return found
}

// The text in lines, all but the first of which are indented.
func wrapped(text string) string {
	found, length := "", -1
	for _, word := range strings.Fields(text) {
		if length+1+len(word) > width {
			found, length = found+"\n ", 1
		}
		if length >= 0 {
			found += " "
		}
		found += word
		length += 1 + len(word)
	}
	return found + "\n"
}

func main() {
	var out strings.Builder
	out.WriteString(head)
	known := kinds()
	for _, version := range sorted(known) {
		if names := known[version]; len(names) == 1 {
			fmt.Fprintf(&out, "    %q: (%q,),\n", version, names[0])
		} else {
			fmt.Fprintf(&out, "    %q: (\n        \"%s\",\n    ),\n", version, strings.Join(names, "\",\n        \""))
		}
	}
	out.WriteString(between)
	for _, title := range sorted(fields) {
		out.WriteString(wrapped(title + " " + fields[title]))
	}
	out.WriteString(tail)
	path := target
	if len(os.Args) > 1 {
		path = os.Args[1]
	}
	if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
		panic(err)
	}
}
