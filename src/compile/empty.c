/* */ typedef int ent__compile_room;
