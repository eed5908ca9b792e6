// A picture as it is searched: grey, at another size, its border repeated around it. Only the parts that are asked for
// are made.
#pragma once
#include "detect/plugin.h"
#include "image/picture.h"
#include "media/picture.h"

namespace dimple::detect {

// How the picture is laid out before it is searched.
struct SearchSize {
  int longer_side = 1600;  // larger pictures shrink to this
  int grow_to = 400;       // smaller ones grow towards this...
  int most_growth = 3;     // ...but not more than so many times
  // Around it, since a face that fills the picture has no surroundings to be found by:
  int pad_permille = 200;  // of each side...
  int most_pad = 160;      // ...but not more than so many pixels of the searched picture
};

// Some of it, and the way back from there.
struct SearchedPart {
  media::Picture grey;
  image::Box source;  // in the picture, or sticking out of it

  image::Box box_of(const DimpleFound& found) const;  // in the picture
};

class SearchedPicture {
 public:
  SearchedPicture(const media::Picture& picture, const SearchSize& size);

  double scale() const { return scale_; }           // pixels as searched for one of the picture
  const image::Box& area() const { return area_; }  // the picture and what is around it
  SearchedPart whole(int shrink = 1) const { return part(area_, scale_ / shrink); }
  SearchedPart part(const image::Box& source) const { return part(source, scale_); }  // cut off at the area

 private:
  SearchedPart part(const image::Box& source, double scale) const;

  media::Picture grey_;  // of a picture that is not; at its own size
  image::View view_;
  double scale_;
  image::Box area_;
};

}  // namespace dimple::detect
