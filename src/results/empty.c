/* */ typedef int ent__results_room;
