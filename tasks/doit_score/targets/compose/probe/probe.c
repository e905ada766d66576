/* The httpGet probe of a container whose image may have nothing but its own program.

   probe SECONDS http://HOST:PORT/PATH [HEADER: VALUE]...

   Does what a kubelet does: one GET; a status from 200 to 399 is a success; a redirect is followed on the
   same host, and is a success where it leads to another one.  What went wrong is printed, and the exit
   status is 1.  HOST is localhost or an address, so nothing is looked up.

   No libc is used, and no shell needed.  `python tests/probe_build.py` makes the files x86_64 and aarch64 of it.  */

typedef unsigned char byte;
typedef unsigned long word;

enum { ROOM = 16384, SHOWN = 400, REDIRECTS = 10 };
enum { INET = 2, INET6 = 10, STREAM = 1, NONBLOCK = 04000, NOSIGNAL = 0x4000, READABLE = 1, WRITABLE = 4 };
enum { AGAIN = 11, NO_NETWORK = 101, RESET = 104, TIMED_OUT = 110, REFUSED = 111, NO_ROUTE = 113, IN_PROGRESS = 115 };

/* The six arguments that a call can have. */
#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, CLOSE = 3, SOCKET = 41, CONNECT = 42, SENDTO = 44, GETSOCKOPT = 55,
       CLOCK_GETTIME = 228, EXIT_GROUP = 231, PPOLL = 271 };
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");
static long call(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, CLOSE = 57, SOCKET = 198, CONNECT = 203, SENDTO = 206, GETSOCKOPT = 209,
       CLOCK_GETTIME = 113, EXIT_GROUP = 94, PPOLL = 73 };
__asm__(".globl _start\n_start: mov x0, sp\n bl begin\n");
static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}
#else
#error "no such machine"
#endif

/* Text that grows up to the room there is; `full` tells that it did not fit. */
struct text {
    word length;
    int full;
    char at[ROOM];
};

/* What is behind `http://`; the host of [::1] is ::1, and the path may be empty, or begin with a `?`. */
struct url {
    char host[256], port[8];
    const char *path;
    int is_v6;
};

struct run {
    char **headers;
    long deadline; /* in milliseconds of the monotonic clock */
    struct text target, next, request, answer, said;
};

static char lower(char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* How much of `text` is `start`, in letters of any case: all of it, or 0. */
static word begins(const char *text, const char *start)
{
    word length = 0;
    for (; start[length]; length++)
        if (lower(text[length]) != start[length])
            return 0;
    return length;
}

static int same(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

static void put(struct text *text, char c)
{
    if (text->length + 1 < ROOM)
        text->at[text->length++] = c;
    else
        text->full = 1;
    text->at[text->length] = 0;
}

static void add(struct text *text, const char *more)
{
    while (*more)
        put(text, *more++);
}

static void add_number(struct text *text, long number)
{
    if (number > 9)
        add_number(text, number / 10);
    put(text, '0' + number % 10);
}

static void clear(struct text *text)
{
    text->length = 0;
    text->full = 0;
    text->at[0] = 0;
}

static long now(void)
{
    long time[2];
    call(CLOCK_GETTIME, 1, (long)time, 0, 0, 0, 0);
    return time[0] * 1000 + time[1] / 1000000;
}

static void __attribute__((noreturn)) end(struct run *run, int status)
{
    put(&run->said, '\n');
    call(WRITE, 1, (long)run->said.at, run->said.length, 0, 0, 0);
    for (;;)
        call(EXIT_GROUP, status, 0, 0, 0, 0, 0);
}

static void __attribute__((noreturn)) fail(struct run *run, const char *why)
{
    add(&run->said, why);
    end(run, 1);
}

static void __attribute__((noreturn)) fail_with(struct run *run, const char *what, long error)
{
    add(&run->said, what);
    switch (error) {
    case REFUSED: fail(run, "connection refused");
    case RESET: fail(run, "connection reset");
    case TIMED_OUT: fail(run, "timed out");
    case NO_ROUTE:
    case NO_NETWORK: fail(run, "no route to it");
    }
    add(&run->said, "error ");
    add_number(&run->said, error);
    end(run, 1);
}

/* 0 when `socket` is ready, else an error. */
static long await(struct run *run, long socket, short what)
{
    struct { int socket; short wanted, found; } one = { socket, what, 0 };
    for (;;) {
        long left = run->deadline - now();
        long time[2] = { left / 1000, left % 1000 * 1000000 };
        if (left <= 0)
            return TIMED_OUT;
        if (call(PPOLL, (long)&one, 1, (long)time, 0, 0, 0) > 0)
            return 0;
    }
}

static long hexadecimal(char c)
{
    c = lower(c);
    return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* An address of four numbers at `into`; whether `text` is one. */
static int read_v4(const char *text, byte *into)
{
    for (int part = 0; part < 4; part++) {
        long number = 0;
        if (!is_digit(*text))
            return 0;
        while (is_digit(*text) && number < 256)
            number = number * 10 + *text++ - '0';
        if (number > 255 || *text != (part < 3 ? '.' : 0))
            return 0;
        into[part] = number;
        text++;
    }
    return 1;
}

static int read_v6(const char *text, byte *into)
{
    byte found[16];
    int length = 0, gap = -1;
    if (text[0] == ':' && text[1] != ':')
        return 0;
    while (*text) {
        if (text[0] == ':' && text[1] == ':') {
            if (gap >= 0)
                return 0;
            gap = length;
            text += 2;
            continue;
        }
        if (*text == ':')
            text++;
        if (length <= 12 && read_v4(text, found + length)) {
            length += 4;
            break;
        }
        long number = 0;
        int digits = 0;
        for (; hexadecimal(*text) >= 0 && digits < 5; digits++)
            number = number * 16 + hexadecimal(*text++);
        if (!digits || digits > 4 || length > 14 || (*text && *text != ':'))
            return 0;
        found[length++] = number >> 8;
        found[length++] = number;
    }
    if (gap < 0 ? length != 16 : length > 14)
        return 0;
    int behind = gap < 0 ? 0 : length - gap;
    for (int i = 0; i < 16; i++) {
        int from_end = 16 - i;
        into[i] = gap < 0 || i < gap ? found[i] : from_end <= behind ? found[length - from_end] : 0;
    }
    return 1;
}

/* A connected socket, or an error below 0. */
static long connect_to(struct run *run, int family, const byte *address, long port)
{
    byte where[28];
    for (int i = 0; i < 28; i++)
        where[i] = 0;
    *(unsigned short *)where = family;
    where[2] = port >> 8;
    where[3] = port;
    for (int i = 0; i < (family == INET ? 4 : 16); i++)
        where[(family == INET ? 4 : 8) + i] = address[i];
    long socket = call(SOCKET, family, STREAM | NONBLOCK, 0, 0, 0, 0);
    if (socket < 0)
        return socket;
    long error = -call(CONNECT, socket, (long)where, family == INET ? 16 : 28, 0, 0, 0);
    if (error == IN_PROGRESS) {
        int found = 0, size = sizeof found;
        error = await(run, socket, WRITABLE);
        if (!error && !call(GETSOCKOPT, socket, 1, 4, (long)&found, (long)&size, 0))
            error = found;
    }
    if (!error)
        return socket;
    call(CLOSE, socket, 0, 0, 0, 0, 0);
    return -error;
}

static long open_connection(struct run *run, const struct url *url)
{
    static const byte home4[4] = { 127, 0, 0, 1 }, home6[16] = { [15] = 1 };
    byte address[16];
    long port = 0, socket;
    for (const char *c = url->port; *c; c++)
        port = port * 10 + *c - '0';
    if (port < 1 || port > 65535)
        fail(run, "no such port");
    if (same(url->host, "localhost")) {
        socket = connect_to(run, INET, home4, port);
        if (socket < 0) {
            long other = connect_to(run, INET6, home6, port);
            socket = other < 0 ? socket : other;
        }
    } else if (url->is_v6 ? read_v6(url->host, address) : read_v4(url->host, address))
        socket = connect_to(run, url->is_v6 ? INET6 : INET, address, port);
    else
        fail(run, "the host is neither localhost nor an address");
    if (socket < 0)
        fail_with(run, "cannot connect: ", -socket);
    return socket;
}

static void parse(struct run *run, const char *text, struct url *url)
{
    word length = 0;
    url->is_v6 = *text == '[';
    text += url->is_v6;
    for (; *text && (url->is_v6 ? *text != ']' : *text != ':' && *text != '/' && *text != '?'); text++) {
        if (length == sizeof url->host - 1)
            fail(run, "that is no URL");
        url->host[length++] = *text;
    }
    url->host[length] = 0;
    text += url->is_v6 && *text;
    length = 0;
    if (*text == ':') {
        for (text++; is_digit(*text) && length < 6; text++)
            url->port[length++] = *text;
    } else {
        url->port[length++] = '8';
        url->port[length++] = '0';
    }
    url->port[length] = 0;
    if (*text && *text != '/' && *text != '?')
        fail(run, "that is no URL");
    url->path = text;
}

static int is_given(struct run *run, const char *name)
{
    for (char **header = run->headers; *header; header++)
        if (begins(*header, name))
            return 1;
    return 0;
}

static void add_authority(struct text *text, const struct url *url)
{
    add(text, url->is_v6 ? "[" : "");
    add(text, url->host);
    add(text, url->is_v6 ? "]" : "");
    add(text, ":");
    add(text, url->port);
}

static void send_request(struct run *run, long socket, const struct url *url)
{
    struct text *text = &run->request;
    const char *path = url->path;
    clear(text);
    add(text, "GET ");
    add(text, *path == '/' ? "" : "/");
    for (; *path && *path != '#'; path++)
        put(text, *path);
    add(text, " HTTP/1.1\r\n");
    if (!is_given(run, "host:")) {
        add(text, "Host: ");
        add_authority(text, url);
        add(text, "\r\n");
    }
    if (!is_given(run, "user-agent:"))
        add(text, "User-Agent: doit-score-probe\r\n");
    if (!is_given(run, "accept:"))
        add(text, "Accept: */*\r\n");
    for (char **header = run->headers; *header; header++) {
        add(text, *header);
        add(text, "\r\n");
    }
    add(text, "Connection: close\r\n\r\n");
    if (text->full)
        fail(run, "the request is too long");
    for (word sent = 0; sent < text->length;) {
        long error = await(run, socket, WRITABLE);
        long count = error ? -error : call(SENDTO, socket, (long)text->at + sent, text->length - sent, NOSIGNAL, 0, 0);
        if (count >= 0)
            sent += count;
        else if (count != -AGAIN)
            fail_with(run, "cannot send: ", -count);
    }
}

/* Reads more of the answer: whether there was more. */
static long receive(struct run *run, long socket)
{
    struct text *text = &run->answer;
    for (;;) {
        long error = await(run, socket, READABLE);
        if (error)
            return -error;
        long count = call(READ, socket, (long)text->at + text->length, ROOM - 1 - text->length, 0, 0, 0);
        if (count == -AGAIN)
            continue;
        if (count > 0)
            text->length += count;
        text->at[text->length] = 0;
        return count;
    }
}

/* Where the body begins, once all of the head is there; else a null pointer. */
static char *body_of(char *head)
{
    for (; *head; head++)
        if (head[0] == '\n' && (head[1] == '\n' || (head[1] == '\r' && head[2] == '\n')))
            return head + (head[1] == '\n' ? 2 : 3);
    return 0;
}

/* The value of a header, whose end is that of its line; else a null pointer. */
static char *header_of(char *head, char *body, const char *name)
{
    for (; head < body; head++)
        if (*head == '\n' && begins(head + 1, name)) {
            for (head += 1 + begins(head + 1, name); *head == ' ' || *head == '\t';)
                head++;
            return head;
        }
    return 0;
}

/* The status of the answer; `head` and `body` are where these begin. */
static long read_answer(struct run *run, long socket, char **head, char **body)
{
    long status;
    clear(&run->answer);
    *head = run->answer.at;
    do {
        while (!(*body = body_of(*head))) {
            long count = run->answer.length < ROOM - 1 ? receive(run, socket) : 0;
            if (count < 0)
                fail_with(run, "no answer: ", -count);
            if (!count)
                fail(run, run->answer.length ? "no answer that is HTTP" : "no answer: the connection was closed");
        }
        char *c = *head;
        c += begins(c, "http/1.");
        if (c == *head || !is_digit(c[0]) || c[1] != ' ' || !is_digit(c[2]) || !is_digit(c[3]) || !is_digit(c[4]))
            fail(run, "no answer that is HTTP");
        status = (c[2] - '0') * 100 + (c[3] - '0') * 10 + c[4] - '0';
        /* What is told before the answer. */
        if (status < 200)
            *head = *body;
    } while (status < 200);
    return status;
}

/* Adds the line of the status, and of other than a success what of the body is there soon. */
static void tell(struct run *run, long socket, char *head, char *body, int with_body)
{
    char *c = head;
    while (*c != ' ')
        c++;
    for (c++; *c != '\r' && *c != '\n'; c++)
        put(&run->said, *c);
    if (!with_body)
        return;
    while (run->answer.at + run->answer.length < body + SHOWN && run->answer.length < ROOM - 1)
        if (receive(run, socket) <= 0)
            break;
    char *encoding = header_of(head, body, "transfer-encoding:");
    char *stop = run->answer.at + run->answer.length;
    if (encoding && begins(encoding, "chunked")) {
        long size = 0;
        for (; hexadecimal(*body) >= 0 && size < ROOM; body++)
            size = size * 16 + hexadecimal(*body);
        while (*body && *body != '\n')
            body++;
        body += *body != 0;
        stop = size < stop - body ? body + size : stop;
    }
    stop = body + SHOWN < stop ? body + SHOWN : stop;
    while (stop > body && (stop[-1] == '\n' || stop[-1] == '\r' || stop[-1] == ' '))
        stop--;
    if (stop > body)
        put(&run->said, '\n');
    for (; body < stop; body++)
        if (*body != '\r')
            put(&run->said, *body == '\n' || *body == '\t' || (byte)*body >= 32 ? *body : '?');
}

/* Where `location` leads from `url` goes to run->next; whether that is the same host. */
static int redirected(struct run *run, const struct url *url, const char *location)
{
    struct text *next = &run->next;
    struct url other;
    word secure = begins(location, "https:");
    location += secure ? secure : begins(location, "http:");
    clear(next);
    if (location[0] == '/' && location[1] == '/')
        location += 2;
    else {
        word keep = 0;
        add_authority(next, url);
        /* What is no whole path is beside the old one, or the same with another query. */
        for (word i = 0; *location != '/' && url->path[i] && url->path[i] != '?'; i++)
            if (*location == '?' || url->path[i] == '/')
                keep = i + 1;
        for (word i = 0; i < keep; i++)
            put(next, url->path[i]);
        if (!keep && *location != '/')
            put(next, '/');
    }
    for (; *location > ' ' && *location != '#'; location++)
        put(next, *location);
    if (next->full)
        fail(run, ": leads to a URL that is too long");
    parse(run, next->at, &other);
    if (!same(other.host, url->host))
        return 0;
    if (secure)
        fail(run, ": leads to https, which this probe cannot follow: give it scheme HTTPS");
    return 1;
}

static void __attribute__((noreturn)) get(struct run *run)
{
    for (int count = 0;; count++) {
        struct url url;
        char *head, *body;
        clear(&run->said);
        add(&run->said, "GET http://");
        add(&run->said, run->target.at);
        add(&run->said, ": ");
        parse(run, run->target.at, &url);
        long socket = open_connection(run, &url);
        send_request(run, socket, &url);
        long status = read_answer(run, socket, &head, &body);
        int is_success = status < 400;
        tell(run, socket, head, body, !is_success);
        const char *location = header_of(head, body, "location:");
        int is_redirect = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (!is_redirect || !location || !redirected(run, &url, location))
            end(run, !is_success);
        if (count == REDIRECTS)
            fail(run, ": redirected too often");
        call(CLOSE, socket, 0, 0, 0, 0, 0);
        clear(&run->target);
        add(&run->target, run->next.at);
    }
}

__attribute__((used, noreturn)) void begin(long *stack)
{
    struct run run;
    char **words = (char **)(stack + 1);
    clear(&run.said);
    if (stack[0] < 3 || !begins(words[2], "http://"))
        fail(&run, "usage: probe SECONDS http://HOST:PORT/PATH [HEADER: VALUE]...");
    long seconds = 0;
    for (char *c = words[1]; is_digit(*c) && seconds < 100000; c++)
        seconds = seconds * 10 + *c - '0';
    run.deadline = now() + seconds * 1000;
    run.headers = words + 3;
    clear(&run.target);
    add(&run.target, words[2] + 7);
    if (run.target.full)
        fail(&run, "the URL is too long");
    get(&run);
}
