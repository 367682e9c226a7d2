#load "bottle.cake"
