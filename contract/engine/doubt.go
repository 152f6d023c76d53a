package engine

import "github.com/vsee-mock/vsee-mock/contract/result"

// doubt is a difference between the place of a cause and others: any of them may be at fault.
type doubt struct {
	times  int       // how often it was found
	others []finding // each for the case that the other place is at fault
}

// placeOf returns the place of a cause or a value: its operation or event, and its pointer.
func placeOf(key result.Key) string { return key.Operation + " " + key.Pointer }

// hold notes a place with a value that was right.
func (c *collector) hold(key result.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[placeOf(key)] = true
}

// doubt notes that a cause, just added, may be one of other places.
func (c *collector) doubt(key result.Key, others []finding) {
	if len(others) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.doubts[key]
	c.doubts[key] = doubt{d.times + 1, append(d.others, others...)}
}

// settle decides each difference of two places that was found in no other way. The other place is at fault:
//   - when it has a cause of its own;
//   - when it differs from the places of two operations;
//   - when values at the first place were right, and none at the other.
func (c *collector) settle(into map[result.Key]result.Key) {
	against := map[string]map[string]bool{}
	open := map[result.Key]doubt{}
	for key, d := range c.doubts {
		if c.causes[key].Seen > d.times {
			continue
		}
		open[key] = d
		for _, o := range d.others {
			place := placeOf(o.Key)
			if against[place] == nil {
				against[place] = map[string]bool{}
			}
			against[place][key.Operation] = true
		}
	}
	for key, d := range open {
		for _, o := range d.others {
			if own, has := c.own(o.Key, open); has {
				into[key] = own
				break
			}
			if len(against[placeOf(o.Key)]) > 1 || c.held[placeOf(key)] && !c.held[placeOf(o.Key)] {
				if c.causes[o.Key] == nil {
					c.add(o)
				}
				into[o.Key], into[key] = o.Key, o.Key
				break
			}
		}
	}
}

// own returns the cause of a place that is no open difference of places.
func (c *collector) own(at result.Key, open map[result.Key]doubt) (own result.Key, has bool) {
	for key, cause := range c.causes {
		_, isOpen := open[key]
		if !isOpen && cause.Class != result.Additive && key.Pointer != "" && key.Operation == at.Operation &&
			(within(key.Pointer, at.Pointer) || within(at.Pointer, key.Pointer)) && (!has || key.ID() < own.ID()) {
			own, has = key, true
		}
	}
	return own, has
}
