/* */ typedef int ent__scenario_room;
