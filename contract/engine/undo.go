package engine

// undoing is a function that ends or deletes something on the target.
type undoing struct {
	thing string
	undo  func() (left string)
}

// Undo runs a function after the requirement, however the requirement ends: the last function first. The function
// returns the words about the part that it left on the target, "" for nothing. When it cannot send its requests, the
// thing itself is left. On a mock it does not run, because the clinic is deleted.
func (t *Trial) Undo(thing string, undo func() (left string)) {
	t.undoings = append(t.undoings, undoing{thing, undo})
}

// undo runs the functions of Undo, and notes the things left behind.
func (t *Trial) undo() {
	for i := len(t.undoings) - 1; i >= 0 && !t.IsMock(); i-- {
		if left := t.undoings[i].leaves(); left != "" {
			t.run.leave(left)
		}
	}
}

func (u undoing) leaves() (left string) {
	defer func() {
		if reason := recover(); reason != nil {
			left = u.thing
		}
	}()
	return u.undo()
}
