/* */ typedef int ent__settle_room;
