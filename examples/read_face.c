/* Reads the face on a picture, in C and without a heap:
 *
 *   read_face reader.dimple face.ppm                 the picture is a face, edge to edge
 *   read_face reader.dimple photo.ppm 92 40 120 120  the face is in this box: x, y, width, height
 *
 * `dimple export` writes reader.dimple. Pictures are binary PPM (colours) or PGM (grey).
 * Link it with libdimple_device.a; no C++ library is needed.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "faces/dimple_face.h"

/* What a chip has in flash, and what it sets aside. */
static uint8_t program[8 << 20] __attribute__((aligned(16)));
static uint8_t memory[16 << 20] __attribute__((aligned(16)));
static uint8_t scratch[1 << 20];
static uint8_t pixels[4096 * 4096 * 3];

static uint32_t load_program(const char* path) {
  FILE* file = fopen(path, "rb");
  size_t bytes = file == NULL ? 0 : fread(program, 1, sizeof program, file);
  if (file != NULL) fclose(file);
  return (uint32_t)bytes;
}

static int load_picture(const char* path, struct dimple_picture* picture) {
  FILE* file = fopen(path, "rb");
  char kind = 0;
  size_t bytes = 0;
  int whole;
  if (file == NULL) return 0;
  if (fscanf(file, "P%c %d %d 255%*c", &kind, &picture->width, &picture->height) == 3 && picture->width > 0 &&
      picture->width <= 4096 && picture->height > 0 && picture->height <= 4096) {
    picture->pixels = pixels;
    picture->channels = kind == '5' ? 1 : 3;
    bytes = (size_t)picture->width * (size_t)picture->height * (size_t)picture->channels;
  }
  whole = bytes > 0 && fread(pixels, 1, bytes, file) == bytes;
  fclose(file);
  return whole;
}

int main(int argc, char** argv) {
  struct dimple_session session;
  struct dimple_picture picture = {0};
  struct dimple_box box = {0, 0, 0, 0};
  struct dimple_face_answer answer;
  int32_t status;

  if ((argc != 3 && argc != 7) || !load_picture(argv[2], &picture)) {
    fputs("usage: read_face PROGRAM.dimple PICTURE.ppm [X Y WIDTH HEIGHT]\n", stderr);
    return 2;
  }
  if (argc == 7) {
    box.x = atoi(argv[3]), box.y = atoi(argv[4]);
    box.width = atoi(argv[5]), box.height = atoi(argv[6]);
  }
  status = dimple_open(&session, program, load_program(argv[1]), memory, sizeof memory);
  if (status == 0)
    status = dimple_read_face(&session, NULL, &picture, argc == 7 ? &box : NULL, scratch, sizeof scratch, &answer);
  if (status != 0) {
    fprintf(stderr, "read_face: %s\n", dimple_describe(status));
    return 1;
  }
  if (answer.unsure != DIMPLE_SURE)
    printf("unsure: %s\n", dimple_describe_unsure(answer.unsure));
  else
    printf("%s %.3f\n", dimple_label(&session, answer.label), answer.score);
  return 0;
}
