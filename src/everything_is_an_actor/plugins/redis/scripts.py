"""What happens inside Redis: one Lua script for each step, because a script is atomic.

A message is an id. Its payload is a field of the hash `messages`, and the id itself is always in
exactly one of two lists: `ready`, in order, or `hand`, of what some consumer has taken. So the
length of the hash is what a bound has to count. A consumer that has taken an id holds a *lease* on
it, renewed while it lives; an id in `hand` without a lease in force goes back to the head of
`ready`, by the next consumer that looks. This is the reliable queue of the Redis manual (`LMOVE`),
with the dead found by leases. A stream with a consumer group would do the same, but it hands back
to the end of the queue, does not wake who waits for what was handed back, leaves its group and
its consumers behind, and loses the group with the data.

A cut connection leaves its user without an answer. So whatever is sent twice does no more than
once: a batch carries the producer and its number, leases carry their owner, and to forget what
is forgotten does nothing.
"""

from dataclasses import dataclass

ROOM_KEPT = 60_000  # milliseconds after the last sender found a queue full
REPLIES_KEPT = 60_000  # milliseconds after the last reply to one asker


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one queue. All but `poison` are gone once it is empty and nobody uses it.

    >>> Keys("jobs").ready
    'jobs:ready'
    """

    queue: str

    @property
    def messages(self) -> str:
        """Hash: id to payload, of every message that is not done."""
        return f"{self.queue}:messages"

    @property
    def ready(self) -> str:
        """List: the ids that wait, oldest first."""
        return f"{self.queue}:ready"

    @property
    def hand(self) -> str:
        """List: the ids that consumers have taken."""
        return f"{self.queue}:hand"

    @property
    def leases(self) -> str:
        """Hash: id to the end of the lease, in milliseconds since the epoch, and its owner."""
        return f"{self.queue}:leases"

    @property
    def room(self) -> str:
        """Stream of at most one entry: the last time that there was room; expires."""
        return f"{self.queue}:room"

    @property
    def poison(self) -> str:
        """Stream: what could not be decoded, with its id, payload and error; never trimmed."""
        return f"{self.queue}:poison"

    def sent(self, instance: str) -> str:
        """String: the number of the last batch of one producer, and how many it stored; expires."""
        return f"{self.queue}:sent:{instance}"

    def replies(self, instance: str) -> str:
        """Stream: the replies on their way to one asker; expires."""
        return f"{self.queue}:replies:{instance}"


_PRELUDE = """
local function now()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function tell_room(room)
    if redis.call('EXISTS', room) == 1 then
        redis.call('XADD', room, 'MAXLEN', 1, '*', 'room', '1')
    end
end
"""

# KEYS messages, ready, sent, room
# ARGV bound, all ('1': all or nothing), wait ('1': the sender will wait), batch number,
#      milliseconds to remember it, then id and payload of each message
# -> how many of the batch are stored, from its beginning; the id in `room` after which to wait
PUT = (
    _PRELUDE
    + """
local messages, ready, sent, room = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local bound, batch = tonumber(ARGV[1]), tonumber(ARGV[4])
local count = (#ARGV - 5) / 2
local last = redis.call('GET', sent)
if last then
    local number, stored = last:match('^(%d+) (%d+)$')
    if tonumber(number) >= batch then return {tonumber(stored), ''} end
end
local fits = count
if bound > 0 then fits = math.max(0, math.min(count, bound - redis.call('HLEN', messages))) end
if fits < count and ARGV[2] == '1' then fits = 0 end
for i = 1, fits do
    redis.call('HSET', messages, ARGV[4 + 2 * i], ARGV[5 + 2 * i])
    redis.call('RPUSH', ready, ARGV[4 + 2 * i])
end
if fits > 0 then
    redis.call('SET', sent, ARGV[4] .. ' ' .. fits, 'PX', ARGV[5])
end
if fits == count or ARGV[3] ~= '1' then return {fits, ''} end
local entry = redis.call('XREVRANGE', room, '+', '-', 'COUNT', 1)[1]
local since = entry and entry[1] or redis.call('XADD', room, '*', 'room', '0')
redis.call('PEXPIRE', room, """
    + str(ROOM_KEPT)
    + """)
return {fits, since}
"""
)

# KEYS messages, hand, leases
# ARGV id, owner, milliseconds of the lease
# -> the payload, or nil: it is another's by now, or done
TAKE = (
    _PRELUDE
    + """
local messages, hand, leases = KEYS[1], KEYS[2], KEYS[3]
local id, owner = ARGV[1], ARGV[2]
if not redis.call('LPOS', hand, id) then return false end
local lease = redis.call('HGET', leases, id)
if lease then
    local ends, holder = lease:match('^(%d+) (.+)$')
    if holder ~= owner and tonumber(ends) > now() then return false end
end
local payload = redis.call('HGET', messages, id)
if not payload then
    redis.call('LREM', hand, 0, id)
    redis.call('HDEL', leases, id)
    return false
end
redis.call('HSET', leases, id, string.format('%d %s', now() + ARGV[3], owner))
return payload
"""
)

# KEYS messages, ready, hand, leases
# ARGV owner, milliseconds to renew its leases for, ids that it has in hand
# -> how many ids were handed back: of the dead, and what the owner holds and knows nothing of
TEND = (
    _PRELUDE
    + """
local messages, ready, hand, leases = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local owner, renewal = ARGV[1], tonumber(ARGV[2])
local held = {}
for i = 3, #ARGV do held[ARGV[i]] = true end
local time, back = now(), 0
local ids = redis.call('LRANGE', hand, 0, -1)
for i = #ids, 1, -1 do
    local id = ids[i]
    local lease = redis.call('HGET', leases, id)
    local ends, holder
    if lease then ends, holder = lease:match('^(%d+) (.+)$') end
    if holder == owner and held[id] then
        redis.call('HSET', leases, id, string.format('%d %s', time + renewal, owner))
    elseif holder == owner or not lease or tonumber(ends) <= time then
        redis.call('LREM', hand, -1, id)
        redis.call('HDEL', leases, id)
        if redis.call('HEXISTS', messages, id) == 1 then
            redis.call('LPUSH', ready, id)
            back = back + 1
        end
    end
end
return back
"""
)

# KEYS messages, ready, hand, leases, room, where an answer goes: replies, or poison
# ARGV id, owner, milliseconds of the lease on the next one (0: do not take one),
#      milliseconds to keep the answer (0: for ever), fields and values of the answer
# -> id and payload of the next message, or nil
DONE = (
    _PRELUDE
    + """
local messages, ready, hand, leases, room = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id = ARGV[1]
if #ARGV > 4 then
    local written = redis.pcall('XADD', KEYS[6], '*', unpack(ARGV, 5))
    local refused = type(written) == 'table' and written.err
    if refused and not refused:find('WRONGTYPE') then
        return written  -- as of a server without memory, and nothing is done yet
    end
    if not refused and tonumber(ARGV[4]) > 0 then redis.call('PEXPIRE', KEYS[6], ARGV[4]) end
end
local known = redis.call('HDEL', messages, id)
redis.call('HDEL', leases, id)
if redis.call('LREM', hand, 0, id) == 0 then redis.call('LREM', ready, 0, id) end
if known == 1 then tell_room(room) end
if tonumber(ARGV[3]) == 0 then return false end
local following = redis.call('LMOVE', ready, hand, 'LEFT', 'RIGHT')
if not following then return false end
local payload = redis.call('HGET', messages, following)
if not payload then
    redis.call('LREM', hand, 0, following)
    return false
end
redis.call('HSET', leases, following, string.format('%d %s', now() + ARGV[3], ARGV[2]))
return {following, payload}
"""
)

# KEYS messages, ready, room
# ARGV ids
# -> how many of them had not begun, and never will
WITHDRAW = (
    _PRELUDE
    + """
local messages, ready, room = KEYS[1], KEYS[2], KEYS[3]
local count = 0
for _, id in ipairs(ARGV) do
    if redis.call('LREM', ready, 1, id) == 1 then
        count = count + redis.call('HDEL', messages, id)
    end
end
if count > 0 then tell_room(room) end
return count
"""
)
