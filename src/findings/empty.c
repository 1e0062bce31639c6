/* */ typedef int ent__findings_room;
