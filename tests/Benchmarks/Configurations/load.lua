-- What wrk sends, from arguments such as method=POST size=1024 close=1 host=a.example, and one line of figures at the end.
function init(args)
  for _, argument in pairs(args) do
    local name, value = string.match(argument, "^(%w+)=(.*)$")
    if name == "method" then
      wrk.method = value
    elseif name == "size" then
      wrk.body = string.rep("x", tonumber(value))
    elseif name == "host" then
      wrk.headers["Host"] = value
    elseif name == "close" then
      wrk.headers["Connection"] = "close"
    end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "figures: requests=%d microseconds=%d p50=%d p99=%d p999=%d failed=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
