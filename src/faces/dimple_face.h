/* Reading a face, from a picture and a box to an answer: the crop, its sharpness, the network, and the choice between a
 * label and `unsure`. C99, over runtime/dimple.h; how a face becomes the network's input stands in the program.
 *
 *   struct dimple_picture picture = {pixels, 320, 240, 3, 0};
 *   struct dimple_box box = {92, 40, 120, 120};
 *   struct dimple_face_answer answer;
 *   int32_t status = dimple_read_face(&session, NULL, &picture, &box, scratch, sizeof scratch, &answer);
 *   if (status != 0)
 *     puts(dimple_describe(status));
 *   else if (answer.unsure != DIMPLE_SURE)
 *     printf("unsure: %s\n", dimple_describe_unsure(answer.unsure));
 *   else
 *     printf("%s %.2f\n", dimple_label(&session, answer.label), answer.score);
 *
 * A whole program is examples/read_face.c. The same pixels, box and options give the same answer on every machine.
 */
#pragma once
#include "runtime/dimple.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows from top to bottom, channels interleaved: 1 grey, 3 red green blue, 4 with one more that is ignored. */
struct dimple_picture {
  const uint8_t* pixels;
  int32_t width, height, channels;
  int32_t row_bytes; /* from a row to the next; 0: rows lie directly behind each other */
};

/* In pixels. It may stick out of the picture: border pixels are repeated. */
struct dimple_box {
  int32_t x, y, width, height;
};

struct dimple_face_options {
  float min_score;   /* below this the answer is unsure */
  float min_quality; /* a face less sharp than this (0 to 1) is unsure */
  int32_t min_face;  /* a face with a side of fewer pixels is unsure */
};

/* Why an answer is unsure. The first that holds: what is too small is also blurred. */
enum { DIMPLE_SURE = 0, DIMPLE_UNSURE_SMALL = 1, DIMPLE_UNSURE_BLURRED = 2, DIMPLE_UNSURE_LOW_SCORE = 3 };

struct dimple_face_answer {
  const float* scores; /* one for each label; in the session's memory until its next input or run */
  uint32_t score_count;
  uint32_t label; /* index of the highest score; dimple_label names it */
  float score;    /* the highest */
  float quality;  /* 0 blurred .. 1 sharp, of the face as the network sees it */
  int32_t unsure; /* DIMPLE_SURE, or why people should be shown `unsure` instead of the label */
};

/* 0.45, 0.2, 32. */
struct dimple_face_options dimple_face_defaults(void);

/* The scratch that dimple_read_face wants for pictures of so many channels: 0 for those that the network itself has,
 * and for a session that cannot read faces at all. */
uint32_t dimple_face_scratch_bytes(const struct dimple_session* session, int32_t picture_channels);

/* Reads the face in the box. Without a box (a null pointer) the picture is a face, edge to edge, and the program's
 * margin around boxes is left out. Without options the defaults hold. 0, or what is wrong, and then the answer is all
 * zeros: wrong_order when the session is not open; reads_no_faces when its program does not say how a face becomes its
 * input; bad_argument for a picture that is none, or a box that shows nothing of it; memory_too_small for too little
 * scratch. */
int32_t dimple_read_face(struct dimple_session* session, const struct dimple_face_options* options,
                         const struct dimple_picture* picture, const struct dimple_box* box, void* scratch,
                         uint32_t scratch_bytes, struct dimple_face_answer* answer);

/* "small", "blurred", "low score"; "" when sure. */
const char* dimple_describe_unsure(int32_t unsure);

#ifdef __cplusplus
} /* extern "C" */
#endif
