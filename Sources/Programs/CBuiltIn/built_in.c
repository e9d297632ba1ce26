#include "built_in.h"

// Clang takes #embed, which is of C23, in every dialect.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char course[] = {
#embed "course.events.jsonl.gz"
};
static const unsigned char pubsub[] = {
#embed "../../../components/dev/pubsub.yaml"
};
static const unsigned char resiliency[] = {
#embed "../../../components/dev/resiliency.yaml"
};
static const unsigned char secrets[] = {
#embed "../../../components/dev/secrets.json"
};
static const unsigned char secretstore[] = {
#embed "../../../components/dev/secretstore.yaml"
};
static const unsigned char statestore[] = {
#embed "../../../components/dev/statestore.yaml"
};

const built_in_file built_in_course = {"course.events.jsonl.gz", course, sizeof course};

static const built_in_file components[BUILT_IN_COMPONENTS] = {
    {"pubsub.yaml", pubsub, sizeof pubsub},
    {"resiliency.yaml", resiliency, sizeof resiliency},
    {"secrets.json", secrets, sizeof secrets},
    {"secretstore.yaml", secretstore, sizeof secretstore},
    {"statestore.yaml", statestore, sizeof statestore},
};

const built_in_file *built_in_component(int index) {
  return index >= 0 && index < BUILT_IN_COMPONENTS ? &components[index] : NULL;
}
