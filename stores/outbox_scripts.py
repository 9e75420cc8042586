"""Steps of the outbox that are one for everybody, as Redis runs them."""

from typing import Final

# Milli-tokens keep fractions exact; a bucket holds a second's worth.
PACE_IDLE_MS: Final = 3_600_000
PACE_KEPT_SECONDS: Final = 7_200

# Many steps are one call: ARGV has the prefix, then the steps as MessagePack, each a
# list of texts. Answers are in their order.
_EACH: Final = """
local answers = {}
for place, step in ipairs(cmsgpack.unpack(ARGV[2])) do
  answers[place] = one(step)
end
return answers
"""

# A step: id, lane, member, document, due, lane's most, seconds kept.
PUT: Final = (
    """
local function one(step)
  local own = ARGV[1] .. 'd:' .. step[1]
  if redis.call('EXISTS', own) == 1 then
    return 0
  end
  local lane = ARGV[1] .. 'lane:' .. step[2]
  if redis.call('ZCARD', lane) >= tonumber(step[6]) then
    return -1
  end
  redis.call('HSET', own, 'document', step[4], 'status', 'waiting')
  redis.call('EXPIRE', own, step[7])
  redis.call('ZADD', lane, step[5], step[1])
  redis.call('ZADD', ARGV[1] .. 'lanes', 'LT', step[5], step[2])
  local members = ARGV[1] .. 'm:' .. step[3]
  redis.call('SADD', members, step[1])
  redis.call('EXPIRE', members, step[7])
  return 1
end
"""
    + _EACH
)

# ARGV: prefix, lane, now, limit, end of the lease, and then by threes a pace's scope,
# rate and ramp in ms.
TAKE: Final = """
local now, granted = tonumber(ARGV[3]), tonumber(ARGV[4])
local buckets = {}
for place = 6, #ARGV, 3 do
  local key = ARGV[1] .. 'pace:' .. ARGV[place]
  local rate, ramp = tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
  local known = redis.call('HMGET', key, 'tokens', 'at', 'began')
  local tokens, at, began = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
  if not at or now - at > IDLE then
    tokens, at, began = 1000, now, now
  end
  if now - began < ramp then
    rate = math.max(1, math.floor(rate * (now - began) / ramp))
  end
  tokens = math.min(rate * 1000, tokens + math.max(now - at, 0) * rate)
  buckets[#buckets + 1] = {key, tokens, began}
  granted = math.min(granted, math.floor(tokens / 1000))
end
local lane = ARGV[1] .. 'lane:' .. ARGV[2]
local found = {}
if granted > 0 then
  local due = redis.call('ZRANGEBYSCORE', lane, '-inf', ARGV[3], 'LIMIT', 0, granted)
  for _, id in ipairs(due) do
    local known = redis.call('HMGET', ARGV[1] .. 'd:' .. id, 'document', 'status')
    if known[1] and known[2] == 'waiting' then
      redis.call('ZADD', lane, ARGV[5], id)
      found[#found + 1] = known[1]
    else
      redis.call('ZREM', lane, id)
    end
  end
end
for _, bucket in ipairs(buckets) do
  redis.call('HSET', bucket[1], 'tokens', bucket[2] - #found * 1000, 'at', ARGV[3],
    'began', bucket[3])
  redis.call('EXPIRE', bucket[1], KEPT)
end
local head = redis.call('ZRANGE', lane, 0, 0, 'WITHSCORES')
if head[2] then
  redis.call('ZADD', ARGV[1] .. 'lanes', head[2], ARGV[2])
else
  redis.call('ZREM', ARGV[1] .. 'lanes', ARGV[2])
end
return found
""".replace("IDLE", str(PACE_IDLE_MS)).replace("KEPT", str(PACE_KEPT_SECONDS))

# A step: id, lane, target, member, status, document, due, now, seconds kept, most
# recent ones, most dead ones, outcome, most outcomes. One that was never queued is
# only recorded.
SETTLE: Final = (
    """
local function one(step)
  local own = ARGV[1] .. 'd:' .. step[1]
  local known = redis.call('HGET', own, 'status')
  if known and known ~= 'waiting' then
    return 0
  end
  redis.call('HSET', own, 'document', step[6], 'status', step[5])
  redis.call('EXPIRE', own, step[9])
  local lane, member = ARGV[1] .. 'lane:' .. step[2], ARGV[1] .. 'm:' .. step[4]
  if step[5] == 'waiting' then
    redis.call('ZADD', lane, step[7], step[1])
    redis.call('ZADD', ARGV[1] .. 'lanes', 'LT', step[7], step[2])
  else
    redis.call('ZREM', lane, step[1])
    if redis.call('EXISTS', lane) == 0 then
      redis.call('ZREM', ARGV[1] .. 'lanes', step[2])
    end
    if step[5] == 'dead' or step[5] == 'disabled' then
      local dead = ARGV[1] .. 'dead:' .. step[3]
      redis.call('ZADD', dead, step[8], step[1])
      redis.call('ZREMRANGEBYRANK', dead, 0, -tonumber(step[11]) - 1)
      redis.call('EXPIRE', dead, step[9])
      redis.call('SADD', member, step[1])
      redis.call('EXPIRE', member, step[9])
    else
      redis.call('SREM', member, step[1])
    end
  end
  local recent = ARGV[1] .. 'recent:' .. step[3]
  redis.call('ZADD', recent, step[8], step[1])
  redis.call('ZREMRANGEBYRANK', recent, 0, -tonumber(step[10]) - 1)
  redis.call('EXPIRE', recent, step[9])
  redis.call('XADD', ARGV[1] .. 'outcomes', 'MAXLEN', '~', step[13], '*', 'e', step[12])
  return 1
end
"""
    + _EACH
)

# A step: id, lane, target, document, now, seconds kept.
REVIVE: Final = (
    """
local function one(step)
  local own = ARGV[1] .. 'd:' .. step[1]
  local known = redis.call('HGET', own, 'status')
  if known ~= 'dead' and known ~= 'disabled' then
    return 0
  end
  redis.call('HSET', own, 'document', step[4], 'status', 'waiting')
  redis.call('EXPIRE', own, step[6])
  redis.call('ZREM', ARGV[1] .. 'dead:' .. step[3], step[1])
  redis.call('ZADD', ARGV[1] .. 'lane:' .. step[2], step[5], step[1])
  redis.call('ZADD', ARGV[1] .. 'lanes', 'LT', step[5], step[2])
  return 1
end
"""
    + _EACH
)

# ARGV: prefix, member.
FORGET: Final = """
local members = ARGV[1] .. 'm:' .. ARGV[2]
local ids = redis.call('SMEMBERS', members)
for _, id in ipairs(ids) do
  local own = ARGV[1] .. 'd:' .. id
  if redis.call('EXISTS', own) == 1 then
    redis.call('HDEL', own, 'document')
    redis.call('HSET', own, 'status', 'forgotten')
  end
end
redis.call('DEL', members)
return #ids
"""
