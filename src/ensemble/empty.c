/* */ typedef int ent__ensemble_room;
