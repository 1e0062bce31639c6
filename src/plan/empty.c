/* */ typedef int ent__plan_room;
