#include "entente.h"

#include <stdio.h>

int main(void)
{
    puts("entente " ENT_VERSION);
    return 0;
}
