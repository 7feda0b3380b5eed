"""More hand-made changes, of what only OpenAPI descriptions say: tests/cli/diff/kennel.openapi.yaml and its user."""

from __future__ import annotations

from .diff_cases import Case, breaking, compatible, documentation

SIZE = "{name: size, in: query, schema: {type: integer}}"
AGE = "{name: age, in: query, deprecated: true, schema: {type: integer}}"
COAT = "name: coat, in: query, required: true"
TAGS = "{name: tags, in: query, schema: {type: array, items: {type: string}}}"
TRACE = "{name: X-Trace, in: header, schema: {type: string}}"
LEADER = '{$ref: "#/components/schemas/Dog"}}}}}\n    put:'
FOLLOWER = '{$ref: "#/components/schemas/Animal"}}}}}\n  /notes:'
TAKEN = 'requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Animal"}}}}'
GIVEN = 'requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Dog"}}}}'
PACK = 'items: {$ref: "#/components/schemas/Animal"}'
TROUBLES = '"4XX": {description: wrong, content: {application/json: {schema: {$ref: "#/components/schemas/Trouble"}}}}'
TROUBLE = "    Trouble: {type: object, properties: {text: {type: string}}}\n"
OWN = f'"422": {TROUBLES[7:].replace("Trouble", "Worse")}'
WORSE = "    Worse: {type: object, properties: {text: {type: string}}}\n"
WORSE_TROUBLE = '    Worse: {allOf: [{$ref: "#/components/schemas/Trouble"}, {type: object}]}\n'
MAPPING = 'cat: "#/components/schemas/Cat"}}\n    Dog:'
ANIMAL = "properties: {kind: {type: string}, born: {type: string, format: date}}"
BORN = "born: {type: string, format: date}"
NAME = "name: {type: string}, "
LIVES = "lives: {type: integer, format: int32, default: 9}"
GUEST = 'oneOf: [{$ref: "#/components/schemas/Dog"}, {$ref: "#/components/schemas/Cat"}]'
MOUSE = "    Mouse: {type: object, properties: {kind: {type: string}}}\n    Guest:"
SCHEMAS = "  schemas:\n"

OPENAPI_CASES = (
    # parameters
    breaking("option removed", f"        - {SIZE}\n", "", "query-removed"),
    breaking("option renamed", SIZE, SIZE.replace("size", "girth"), "query-removed", "query-added"),
    breaking("option of another type", SIZE, SIZE.replace("integer", "string"), "query-type"),
    breaking(
        "option required", SIZE, SIZE.replace("query,", "query, required: true,"), "query-required", user="service"
    ),
    compatible("option no longer required", COAT, COAT.replace("true", "false"), "query-optional"),
    compatible("option deprecated", SIZE, SIZE.replace("query,", "query, deprecated: true,"), "query-deprecated"),
    compatible("option no longer deprecated", AGE, AGE.replace("true", "false"), "query-no-longer-deprecated"),
    compatible("option spelled otherwise", TAGS, TAGS.replace("query,", "query, explode: false,"), "query-style"),
    breaking("one option of many values is of one", TAGS, TAGS.replace("array, items: {type: string}", "string")),
    compatible(
        "option added",
        f"        - {SIZE}\n",
        f"        - {SIZE}\n        - {SIZE.replace('size', 'new')}\n",
        "query-added",
    ),
    breaking(
        "option added that is required",
        f"        - {SIZE}\n",
        f"        - {SIZE}\n        - {{name: new, in: query, required: true, schema: {{type: string}}}}\n",
        "query-added-required",
        user="service",
    ),
    breaking("header removed", f"        - {TRACE}\n", "", "header-removed"),
    breaking("header of another type", TRACE, TRACE.replace("string", "integer"), "header-type"),
    breaking("path parameter renamed", "dog-id", "hound-id", "path-renamed"),
    # results and bodies
    breaking("result widened", LEADER, LEADER.replace("Dog", "Animal"), "result-type"),
    compatible("result narrowed", FOLLOWER, FOLLOWER.replace("Animal", "Cat"), "result-narrowed"),
    breaking("items of a list narrowed", PACK, PACK.replace("Animal", "Cat"), "result-type"),
    compatible("body widened", GIVEN, GIVEN.replace("Dog", "Animal"), "body-widened"),
    breaking("body narrowed", TAKEN, TAKEN.replace("Animal", "Cat"), "body-type"),
    documentation("body required", "requestBody: {required: false", "requestBody: {required: true", "body-required"),
    documentation("body optional", TAKEN, TAKEN.replace("true", "false"), "body-optional"),
    compatible(
        "body of another content type",
        GIVEN,
        GIVEN.replace("application/json", "application/vnd.dog+json"),
        "body-content-type",
    ),
    breaking(
        "bytes of another content type",
        "requestBody: {required: true, content: {image/png",
        "requestBody: {required: true, content: {image/webp",
        "body-media",
        user="service",
    ),
    breaking(
        "result is bytes of another content type",
        '"200": {description: ok, content: {image/png',
        '"200": {description: ok, content: {image/webp',
        "result-media",
        user="service",
    ),
    compatible(
        "result in one more content type",
        "description: ok, content: {image/png: {schema: {type: string, format: binary}}",
        "description: ok, content: {image/webp: {schema: {type: string, format: binary}}, "
        "image/png: {schema: {type: string, format: binary}}",
        "accept",
    ),
    compatible(
        "something given where there was nothing",
        '"204": {description: noted}',
        '"200": {description: noted, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}',
        "result-added",
    ),
    breaking(
        "nothing given any more",
        '"200": {description: its name, content: {text/plain: {schema: {type: string}}}}',
        '"204": {description: done}',
        "result-removed",
    ),
    breaking(
        "body in another format",
        GIVEN,
        GIVEN.replace("application/json", "text/plain"),
        "body-format",
        user="fails",
    ),
    breaking(
        "result in another format",
        LEADER,
        LEADER,
        "result-format",
        user="service",
    ),
    compatible("path spelled otherwise", "/photo:", "/Photo:", "path-respelled"),
    compatible("property spelled otherwise", ", born: {type", ", Born: {type", "property-respelled"),
    # errors
    breaking("another exception", TROUBLES, f"{TROUBLES.replace('Trouble', 'Worse')}", "error-type"),
    breaking("exception of fewer statuses", TROUBLES, TROUBLES.replace("4XX", "404"), "error-removed"),
    compatible(
        "exception of more statuses",
        TROUBLES,
        f"{TROUBLES}\n        {TROUBLES.replace('4XX', '5XX')}",
        "error-added",
    ),
    breaking("exception of its own for one status", TROUBLES, f"{TROUBLES}\n        {OWN}", "error-type"),
    # No exception derives from another one.
    breaking("special exception for one status", TROUBLES, f"{TROUBLES}\n        {OWN}", "error-type"),
    compatible(
        "same exception for one status",
        TROUBLES,
        f"{TROUBLES}\n        {TROUBLES.replace('4XX', '422')}",
        "error-added",
    ),
    breaking("exception renamed", "schemas/Trouble", "schemas/Bother", "type-renamed"),
    # types
    breaking("enum emptied", "{type: string, enum: [calm, wild]}", "{type: string}", "type-removed"),
    breaking("member spelled otherwise", "[calm, wild]", "[calms, wild]", "member-renamed"),
    compatible("property moved up", ANIMAL, ANIMAL.replace("{kind", f"{{{NAME}kind"), "property-inherited"),
    breaking(
        "property moved up as another type",
        ANIMAL,
        ANIMAL.replace("{kind", "{name: {type: integer}, kind"),
        "property-inherited",
        "property-type",
    ),
    breaking("property moved down", ", born: {type: string, format: date}", "", "property-removed"),
    compatible(
        "property declared anew",
        LIVES,
        f"{LIVES}, born: {{type: string, format: date}}",
        "property-declared-anew",
    ),
    breaking(
        "property declared anew as another type",
        LIVES,
        f"{LIVES}, born: {{type: integer}}",
        "property-declared-anew",
        "property-type",
    ),
    Case("default of another value", LIVES, LIVES.replace("9", "7"), ("property-default",), "compatible", "any"),
    compatible("property deprecated in OpenAPI", NAME, NAME.replace("string", "string, deprecated: true")),
    compatible("type no longer deprecated", "object, deprecated: true", "object", "type-no-longer-deprecated"),
    compatible("property writable", "boolean, readOnly: true", "boolean", "property-writable"),
    breaking(
        "property of a body required",
        "Note: {type: object,",
        "Note: {type: object, required: [text],",
        "property-required",
        user="service",
    ),
    documentation("property of a result required", TROUBLE, TROUBLE.replace("object,", "object, required: [text],")),
    breaking("discriminator removed", f", {MAPPING}", "}}\n    Dog:", "discriminator-removed"),
    breaking("discriminator changed", MAPPING, MAPPING.replace("schemas/Cat", "schemas/Dog"), "discriminator-changed"),
    compatible("discriminator added", MAPPING, f'wolf: "#/components/schemas/Dog", {MAPPING}', "discriminator-added"),
    breaking(
        "unknown properties no longer kept",
        f"      type: object\n      {ANIMAL}",
        f"      type: object\n      additionalProperties: false\n      {ANIMAL}",
        "additional-data-removed",
    ),
    compatible(
        "alternative added",
        GUEST,
        f'{GUEST[:-1]}, {{$ref: "#/components/schemas/Mouse"}}]',
        "alternative-added",
    ),
    # the service
    compatible("another server", "https://kennel.example", "https://dogs.example/v2", "base-url"),
    compatible("operation no longer deprecated", "      deprecated: true\n", "", "operation-no-longer-deprecated"),
    documentation("operation described", "All dogs.", "Every dog.", "operation-description"),
    breaking(
        "verb changed",
        "    put:\n      requestBody: {required: true, content: {image",
        "    patch:\n      requestBody: {required: true, content: {image",
        "operation-removed",
    ),
    compatible(
        "verb added",
        "  /notes:\n",
        '  /notes:\n    get: {responses: {"204": {description: none}}}\n',
        "operation-added",
    ),
)
# What an edit needs elsewhere in the description.
FURTHER: dict[str, tuple[tuple[str, str], ...]] = {
    "result in another format": (
        (f"content: {{application/json: {{schema: {LEADER}", f"content: {{text/plain: {{schema: {LEADER}"),
    ),
    "another exception": ((SCHEMAS, SCHEMAS + WORSE),),
    "exception of its own for one status": ((SCHEMAS, SCHEMAS + WORSE),),
    "special exception for one status": ((SCHEMAS, SCHEMAS + WORSE_TROUBLE),),
    "exception renamed": (("    Trouble:", "    Bother:"),),
    "property moved up": ((f"          properties: {{{NAME}", "          properties: {"),),
    "property moved up as another type": ((f"          properties: {{{NAME}", "          properties: {"),),
    "property moved down": (
        (f"          properties: {{{NAME}", f"          properties: {{born: {{type: string}}, {NAME}"),
    ),
    "alternative added": (("    Guest:", MOUSE),),
}
