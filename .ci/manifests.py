"""What .ci/manifests checks beside the tools that it runs: manifests.py WORK core|custom CRDS|names|rules|dashboard|metrics"""

import copy
import json
import pathlib
import re
import sys

import jsonschema
import yaml

work = pathlib.Path(sys.argv[1])
faults = []


def expect(holds, fault):
    if not holds:
        faults.append(fault)


def documents(*patterns):
    """All documents of the files, each with its path."""
    for pattern in patterns:
        for path in sorted(pathlib.Path(".").glob(pattern)):
            for document in yaml.safe_load_all(path.read_text()):
                yield path, document


def is_core(document):
    group = document["apiVersion"].split("/")[0]
    return "/" not in document["apiVersion"] or "." not in group or group.endswith(".k8s.io")


def with_templates(path):
    """The documents of a file, with the settings in that stand in its comments as templates."""
    lines, inside = [], False
    for line in path.read_text().splitlines():
        inside = re.fullmatch(r" *# \w+:", line) is not None or inside and re.fullmatch(r" *#   .*", line) is not None
        lines.append(line.replace("# ", "", 1) if inside else line)
    return list(yaml.safe_load_all("\n".join(lines)))


TLS = pathlib.Path("k8s/tls/deployment.yaml")
MANIFESTS = [(path, document) for path, document in documents("k8s/**/*.yaml") if path != TLS]
COMPONENTS = list(documents("components/**/*.yaml"))


def only(kind, name):
    found = [document for _, document in MANIFESTS if document["kind"] == kind and document["metadata"]["name"] == name]
    if len(found) != 1:
        sys.exit(f"there must be one {kind} {name}, there are {len(found)}")
    return found[0]


def patched(value, patch):
    """A strategic merge, as far as the patch of TLS needs it: lists are merged by name."""
    if isinstance(value, dict) and isinstance(patch, dict):
        return value | {key: patched(value[key], new) if key in value else new for key, new in patch.items()}
    if isinstance(value, list) and isinstance(patch, list):
        merged = list(value)
        for new in patch:
            place = next((place for place, old in enumerate(merged) if old["name"] == new["name"]), None)
            if place is None:
                merged.append(new)
            else:
                merged[place] = patched(merged[place], new)
        return merged
    return patch


def core():
    """Writes Kubernetes' own kinds, and the Deployment as TLS leaves it, to be validated."""
    folder = work / "core"
    folder.mkdir()
    written = [(path, document) for path, document in MANIFESTS if is_core(document)]
    written.append((TLS, patched(only("Deployment", "mastery-engine"), yaml.safe_load(TLS.read_text()))))
    for place, (path, document) in enumerate(written):
        (folder / f"{place:02}-{path.as_posix().replace('/', '-')}").write_text(yaml.safe_dump(document))
    print(f"{len(written)} objects")


def closed(schema):
    """A CRD's schema that refuses what the API server would silently take away."""
    if not isinstance(schema, dict):
        return schema
    # Under `properties` are names, everywhere else keywords.
    schema = {
        key: {name: closed(member) for name, member in value.items()} if key == "properties" else closed(value)
        for key, value in schema.items()
    }
    if schema.get("x-kubernetes-int-or-string") is True:
        return {"type": ["integer", "string"]}
    if schema.get("x-kubernetes-preserve-unknown-fields") is True:
        return schema
    if "properties" in schema and "additionalProperties" not in schema and schema.get("type") == "object":
        schema["additionalProperties"] = False
    return schema


def custom(folder):
    """Holds the other kinds against the schemas of their CRDs."""
    schemas = {}
    for path in sorted(pathlib.Path(folder).glob("*.yaml")):
        for definition in yaml.safe_load_all(path.read_text()):
            if not definition or definition.get("kind") != "CustomResourceDefinition":
                continue
            for version in definition["spec"]["versions"]:
                name = f"{definition['spec']['group']}/{version['name']}"
                schema = copy.deepcopy(version["schema"]["openAPIV3Schema"])
                schema["properties"].setdefault("apiVersion", {"type": "string"})
                schema["properties"].setdefault("kind", {"type": "string"})
                schema["properties"]["metadata"] = {"x-kubernetes-preserve-unknown-fields": True}
                schemas[name, definition["spec"]["names"]["kind"]] = closed(schema)
    count = 0
    templates = [
        (path, document) for path in sorted({path for path, _ in COMPONENTS}) for document in with_templates(path)
        if (path, document) not in COMPONENTS
    ]
    expect(len(templates) == 2, f"{len(templates)} components have templates in their comments, not two")
    for path, document in MANIFESTS + COMPONENTS + templates:
        if is_core(document):
            continue
        schema = schemas.get((document["apiVersion"], document["kind"]))
        expect(schema is not None, f"{path}: there is no {document['kind']} in {document['apiVersion']}")
        for error in jsonschema.Draft202012Validator(schema).iter_errors(document) if schema else []:
            faults.append(f"{path}: {'.'.join(map(str, error.absolute_path))}: {error.message}")
        count += 1
    print(f"{count} objects")


def names():
    """What names something else names what is there."""
    deployment = only("Deployment", "mastery-engine")
    pod = deployment["spec"]["template"]
    labels = pod["metadata"]["labels"]
    container = pod["spec"]["containers"][0]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    annotations = pod["metadata"]["annotations"]
    # The injected sidecar has its metrics there, unless an annotation says otherwise.
    open_ports = set(ports.values()) | {9090}
    for path, document in MANIFESTS:
        kind, metadata, spec = document["kind"], document["metadata"], document.get("spec", {})
        expect(kind == "Namespace" or metadata.get("namespace") == "learnflow", f"{path}: the namespace is not learnflow")
        if path.parent == pathlib.Path("k8s"):
            expect(is_core(document), f"{path}: not every cluster has {kind}, so it belongs into a subfolder")
            expect(kind != "Secret", f"{path}: an example must not be applied with the rest")
        if kind == "Service":
            expect(spec["selector"].items() <= labels.items(), f"{path}: no pod has {spec['selector']}")
            for port in spec["ports"]:
                target = port.get("targetPort", port["port"])
                expect(target in (open_ports if isinstance(target, int) else ports), f"{path}: the pods have no port {target}")
        if kind in ("PodDisruptionBudget", "NetworkPolicy"):
            chosen = spec["selector" if kind == "PodDisruptionBudget" else "podSelector"]["matchLabels"]
            expect(chosen.items() <= labels.items(), f"{path}: no pod has {chosen}")
        if kind in ("HorizontalPodAutoscaler", "ScaledObject"):
            target = spec["scaleTargetRef"]
            expect(target.get("kind", "Deployment") == "Deployment" and target["name"] == "mastery-engine", f"{path}: no {target}")
        if kind == "ServiceMonitor":
            services = [
                service for _, service in MANIFESTS
                if service["kind"] == "Service" and spec["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
            ]
            expect(len(services) == 1, f"{path}: {len(services)} Services have {spec['selector']['matchLabels']}, not one")
            offered = {port["name"] for service in services for port in service["spec"]["ports"]}
            for endpoint in spec["endpoints"]:
                expect(endpoint["port"] in offered, f"{path}: the Service has no port {endpoint['port']}")
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        port = container[probe]["httpGet"]["port"]
        expect(port in ports, f"k8s/deployment.yaml: {probe} asks a port {port} that the container does not have")
    settings = only("ConfigMap", "mastery-engine")["data"]
    for source in (settings["APP_PORT"], annotations["dapr.io/app-port"], annotations["prometheus.io/port"]):
        expect(int(source) in ports.values(), f"the container has no port {source}")
    expect(pod["spec"]["serviceAccountName"] == only("ServiceAccount", pod["spec"]["serviceAccountName"])["metadata"]["name"], "")
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
    for mount in annotations["dapr.io/volume-mounts"].split(","):
        expect(mount.split(":")[0] in volumes, f"k8s/deployment.yaml: the sidecar mounts {mount}, and the pod has no such volume")
    # Every secret that is named has its example, with the member that is read.
    examples = {document["metadata"]["name"]: set(document["stringData"]) for _, document in MANIFESTS if document["kind"] == "Secret"}
    wanted = [(source["secretRef"]["name"], None) for source in container["envFrom"] if "secretRef" in source]
    wanted += [(reference["name"], reference["key"]) for _, document in COMPONENTS for reference in secrets(document)]
    wanted += [(reference["name"], reference["key"]) for reference in secrets(deployment)]
    callers = [document for _, document in MANIFESTS if document["kind"] == "MCPServer"]
    wanted += [(reference["name"], reference["key"]) for document in callers for reference in secrets(document)]
    wanted += [(annotations[f"dapr.io/{which}-token-secret"], "token") for which in ("app", "api")]
    for name, member in wanted:
        found = examples.get(name)
        expect(found is not None and (member is None or member in found), f"k8s/examples/secrets.yaml: there is no {name} with {member}")
    expect(set(examples) == {name for name, _ in wanted}, "k8s/examples/secrets.yaml: nobody reads one of the secrets")
    # The alert on memory knows the limit.
    limit = container["resources"]["limits"]["memory"]
    expect(limit.endswith("Mi"), f"k8s/deployment.yaml: the limit of memory, {limit}, is not in Mi")
    memory = [rule for rule in rule_list() if rule.get("alert") == "MasteryMemory"]
    expect(len(memory) == 1 and f" {int(limit[:-2]) << 20}" in memory[0]["expr"], f"MasteryMemory does not know the limit, {limit}")
    print(f"{len(MANIFESTS) + len(COMPONENTS)} objects, {len(wanted)} secrets")


def secrets(value):
    """All references to secrets in a document, but those of the development components."""
    if isinstance(value, dict):
        if value.get("kind") == "Component" and value["metadata"].get("namespace") is None:
            return
        for key, member in value.items():
            if key == "secretKeyRef":
                yield member
            else:
                yield from secrets(member)
    if isinstance(value, list):
        for element in value:
            yield from secrets(element)


def rule_list():
    return [rule for group in only("PrometheusRule", "mastery-engine")["spec"]["groups"] for rule in group["rules"]]


def rules():
    """Writes the rules as Prometheus reads them, and looks at what the alerts say."""
    (work / "rules.yaml").write_text(yaml.safe_dump(only("PrometheusRule", "mastery-engine")["spec"], sort_keys=False))
    stories = "".join(path.read_text() for path in sorted(pathlib.Path("Tests/Monitoring").glob("*.yaml")))
    articles = pathlib.Path("Sources/Engine/MasteryEngine.docc/Runbooks")
    alerts = {rule["alert"]: rule for rule in rule_list() if "alert" in rule}
    for rule in rule_list():
        if (name := rule.get("alert")) is None:
            continue
        expect(rule["labels"].get("severity") in ("page", "ticket"), f"{name} is neither a page nor a ticket")
        expect({"summary", "description", "runbook_url"} == set(rule["annotations"]), f"{name} does not say what is to be said")
        link = f"/documentation/masteryengine/{name.lower()}"
        expect(rule["annotations"].get("runbook_url") == link, f"the article on {name} is at {link}")
        expect(f'alertname="{name}",severity="{rule["labels"].get("severity")}"' in stories, f"{name} fires in no story")
        if articles.is_dir():
            expect((articles / f"{name}.md").is_file(), f"there is no article {articles}/{name}.md")
    if not articles.is_dir():
        print(f"skipped: {articles} is not there, so nobody knows whether each alert has its article")
    for name in re.findall(r'alertname="(\w+)"', stories):
        expect(name in alerts, f"a story tells of {name}, which is no alert")
    print(f"{len(alerts)} alerts")


def dashboard_expressions():
    """The queries of the dashboard, with what Grafana puts in."""
    board = json.loads(only("ConfigMap", "mastery-engine-dashboard")["data"]["mastery-engine.json"])
    expressions = [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel.get("targets", [])]
    expressions += [(note["name"], note["expr"]) for note in board["annotations"]["list"]]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            expressions.append((variable["name"], re.fullmatch(r"label_values\((\w+), \w+\)", variable["query"]["query"])[1]))
    identifiers = [panel["id"] for panel in board["panels"]]
    expect(len(identifiers) == len(set(identifiers)), "two panels have the same id")
    for panel in board["panels"]:
        expect(panel["type"] == "row" or panel["targets"] and panel["description"], f"{panel['title']} shows or says nothing")
    filled = [
        (title, expression.replace("$__rate_interval", "2m").replace("$namespace", "learnflow")) for title, expression in expressions
    ]
    for title, expression in filled:
        expect("$" not in expression, f"{title}: nobody puts in the variable of {expression}")
    return filled


def dashboard():
    """Writes the queries of the dashboard as rules, so that they can be parsed."""
    found = dashboard_expressions()
    rules = [{"record": f"panel:{place}", "expr": expression} for place, (_, expression) in enumerate(found)]
    (work / "dashboard.yaml").write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    recorded = {rule["record"] for rule in rule_list() if "record" in rule}
    for title, expression in found + [(rule.get("alert"), rule["expr"]) for rule in rule_list()]:
        for name in set(re.findall(r"mastery:[a-z0-9_:]+", expression)) - recorded:
            faults.append(f"{title}: no rule records {name}")
    print(f"{len(found)} queries")


def metrics():
    """Compares the metrics that are used with those that the program declares."""
    declared = {}
    for line in (work / "metrics.txt").read_text().splitlines():
        name, kind, *rest = line.split()
        labels = set(rest[0].split(",")) if rest else set()
        declared[name] = (kind, labels)
    expect(len(declared) > 20, f"the program declares {len(declared)} metrics")
    known = {}
    for name, (kind, labels) in declared.items():
        if kind == "histogram":
            known |= {f"{name}_bucket": labels | {"le"}, f"{name}_sum": labels, f"{name}_count": labels}
        else:
            known[name] = labels
    # What Prometheus adds to whatever it scrapes.
    target = {"namespace", "pod", "job", "instance"}
    shown = set()
    used = [(f"rule {rule.get('alert') or rule.get('record')}", rule["expr"]) for rule in rule_list()]
    panels = [(f"panel {title}", expression) for title, expression in dashboard_expressions()]
    stories = [
        (f"{path}: {test['name']}", series["series"])
        for path, document in documents("Tests/Monitoring/*.yaml") for test in document["tests"] for series in test["input_series"]
    ]
    for where, expression in used + panels + stories:
        found = re.findall(r"\b((?:mastery|process)_\w+)(?:\{([^}]*)\})?", re.sub(r'"[^"]*"|\'[^\']*\'', '""', expression))
        everything = set(target)
        for name, matchers in found:
            if name not in known:
                faults.append(f"{where}: there is no metric {name}")
                continue
            everything |= known[name]
            for label in re.findall(r"(\w+)\s*(?:=|!)", matchers):
                expect(label in known[name] | target, f"{where}: {name} has no label {label}")
        if "mastery:" not in expression and "ALERTS" not in expression:
            for grouping in re.findall(r"\bby \(([^)]*)\)", expression) if found else []:
                for label in filter(None, map(str.strip, grouping.split(","))):
                    expect(label in everything, f"{where}: none of its metrics has a label {label}")
        if where.startswith("panel"):
            shown |= {name for name, _ in found}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) if name not in declared else name for name in shown}
    for rule in rule_list():
        # What a panel shows of a recorded rule, it shows of the metrics below.
        if "record" in rule and any(rule["record"] in expression for _, expression in panels):
            families |= {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"\b(?:mastery|process)_\w+", rule["expr"])}
    for name in sorted(set(declared) - families):
        faults.append(f"no panel of the dashboard shows {name}")
    print(f"{len(declared)} metrics, {len(used) + len(panels)} expressions, {len(stories)} series")


steps = {"core": core, "custom": custom, "names": names, "rules": rules, "dashboard": dashboard, "metrics": metrics}
steps[sys.argv[2]](*sys.argv[3:])
for fault in faults:
    print(fault, file=sys.stderr)
sys.exit(bool(faults))
