// The application of the article in words of ours: it tells a topic of Kafka that it lives, again and again.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/segmentio/kafka-go"
)

const patience = 5 * time.Second

func main() {
	given := map[string]string{}
	for _, name := range []string{"KAFKA_HOST", "KAFKA_PORT", "KAFKA_TOPIC"} {
		if given[name] = os.Getenv(name); given[name] == "" {
			end("%s is not set", name)
		}
	}
	every := patience
	if text := os.Getenv("PING_EVERY"); text != "" {
		parsed, err := time.ParseDuration(text)
		if err != nil {
			end("PING_EVERY: %v", err)
		}
		every = parsed
	}
	address, topic := net.JoinHostPort(given["KAFKA_HOST"], given["KAFKA_PORT"]), given["KAFKA_TOPIC"]
	say("a ping to %s/%s every %v", address, topic, every)

	within, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	leader, err := kafka.DialLeader(within, "tcp", address, topic, 0)
	if err != nil {
		end("no leader of the topic: %v", err)
	}
	for ; ; time.Sleep(every) {
		_ = leader.SetWriteDeadline(time.Now().Add(patience))
		if size, err := leader.Write([]byte("ping")); err != nil {
			say("not sent: %v", err)
		} else {
			say("sent %d bytes", size)
		}
	}
}

// All goes one way: nobody knows in which order two streams arrive.
func say(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
}

func end(format string, values ...any) {
	say(format, values...)
	os.Exit(1)
}
