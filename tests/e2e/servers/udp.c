/* Sends back what it is sent, by UDP at port 5353. */

#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(5353) };
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(server, (struct sockaddr *)&own, sizeof own) < 0)
        return 1;
    for (;;) {
        char said[500];
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t size = recvfrom(server, said, sizeof said, 0, (struct sockaddr *)&from, &length);
        if (size >= 0)
            sendto(server, said, size, 0, (struct sockaddr *)&from, length);
    }
}
