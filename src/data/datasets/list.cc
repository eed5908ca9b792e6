// The one list of importers, asked in this order. A new dataset is a folder beside this file and a line here.
#include "data/datasets/affectnet/affectnet.h"
#include "data/datasets/cafe/cafe.h"
#include "data/datasets/chefs/chefs.h"
#include "data/datasets/ckplus/ckplus.h"
#include "data/datasets/cohn_kanade/cohn_kanade.h"
#include "data/datasets/dartmouth/dartmouth.h"
#include "data/datasets/emoreact/emoreact.h"
#include "data/datasets/expw/expw.h"
#include "data/datasets/fer2013/fer2013.h"
#include "data/datasets/fer2013_folders/fer2013_folders.h"
#include "data/datasets/folders/folders.h"
#include "data/datasets/google_fec/google_fec.h"
#include "data/datasets/jaffe/jaffe.h"
#include "data/datasets/kdef/kdef.h"
#include "data/datasets/liris_cse/liris_cse.h"
#include "data/datasets/muxspace/muxspace.h"
#include "data/datasets/rafd/rafd.h"
#include "data/datasets/rafdb/rafdb.h"
#include "data/datasets/session/session.h"
#include "data/datasets/sfew/sfew.h"
#include "data/datasets/table/table.h"
#include "data/load.h"

namespace dimple::data {
namespace {

constexpr const char* kResearch = "research, on request";

}  // namespace

const std::vector<Importer>& importers() {
  static const std::vector<Importer> list = {
      {"fer2013", "FER2013 (the Kaggle csv, plain or compressed)", "unclear: pictures from the web", recognises_fer2013,
       load_fer2013},
      {"ckplus", "CK+48 (the tar or the folder)", kResearch, recognises_ckplus, load_ckplus},
      {"cohn_kanade", "CK+ as given out (cohn-kanade-images, Emotion)", kResearch, recognises_cohn_kanade,
       load_cohn_kanade},
      {"google_fec", "Google's facial expression comparisons (csv and held pictures)",
       "addresses only; each picture has its own", recognises_google_fec, load_google_fec},
      {"session", "sessions of an expression game (session.json)", "what was consented to", recognises_session,
       load_session},
      {"muxspace", "muxspace portraits (labels.csv or legend.csv)", "Apache-2.0", recognises_muxspace, load_muxspace},
      {"cafe", "CAFE (file names, or cafe.csv); for tests only", "research, authorised users", recognises_cafe,
       load_cafe},
      {"table", "a csv of path,label beside its pictures", "yours", recognises_table, load_table},
      {"affectnet", "AffectNet (csv lists, folders of classes, or images/ and annotations/)", kResearch,
       recognises_affectnet, load_affectnet},
      {"rafdb", "RAF-DB (list_patition_label.txt, Image)", kResearch, recognises_rafdb, load_rafdb},
      {"expw", "ExpW (label.lst, image)", kResearch, recognises_expw, load_expw},
      {"jaffe", "JAFFE (KA.AN1.39.tiff)", kResearch, recognises_jaffe, load_jaffe},
      {"kdef", "KDEF (AF01ANS.JPG)", kResearch, recognises_kdef, load_kdef},
      {"rafd", "RaFD (Rafd090_01_Caucasian_female_angry_frontal.jpg)", kResearch, recognises_rafd, load_rafd},
      {"sfew", "SFEW (Train and Val, a folder for each class)", kResearch, recognises_sfew, load_sfew},
      {"chefs", "NIMH-ChEFS (M10HS_6767.jpg, or words in names)", kResearch, recognises_chefs, load_chefs},
      {"dartmouth", "Dartmouth children's faces (words in names; layout unconfirmed)", kResearch, recognises_dartmouth,
       load_dartmouth},
      {"emoreact", "EmoReact (frames of clips; folders of frames unconfirmed)", kResearch, recognises_emoreact,
       load_emoreact},
      {"liris_cse", "LIRIS-CSE (frames of clips; layout unconfirmed)", kResearch, recognises_liris_cse, load_liris_cse},
      {"fer2013_folders", "FER2013 unpacked (train, test, a folder for each class)", "unclear: pictures from the web",
       recognises_fer2013_folders, load_fer2013_folders},
      {"folders", "a folder for each class, perhaps below train, validation, test", "yours", recognises_folders,
       load_folders},
  };
  return list;
}

}  // namespace dimple::data
