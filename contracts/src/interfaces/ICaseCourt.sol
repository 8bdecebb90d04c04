// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IMatter } from "./IMatter.sol";
import { Electorate } from "./IProverRegistry.sol";

/// @notice Case number, counted from 1. 0 means "no case".
type CaseId is uint256;

/// @notice What a case is about: see `ILeakCases`, `IRefusalCases` and `IParentCases`.
enum Kind {
    Leak,
    Refusal,
    Parent
}

/// @notice `Drawing → Voting → Ruled → Closed`. An appeal moves a case from `Ruled` back to `Drawing`, once.
enum Stage {
    None,
    Drawing,
    Voting,
    Ruled,
    Closed
}

/// @notice A juror's vote or a panel's ruling. Jurors cannot vote `Draw`: it is what a panel rules that does not decide.
enum Verdict {
    None,
    Accept,
    Reject,
    Draw
}

/// @notice One case. Times are in protocol time, amounts in units of the 6-decimal token.
/// @param round 0, or 1 after an appeal.
/// @param verdict Latest ruling.
/// @param answered Whether the accused has answered.
/// @param annulled Whether the council annulled the conviction. The verdict is `Reject` then.
/// @param joinable Whether others may join with a bond of their own.
/// @param subject Number of the copy or model that the case is about.
/// @param accused Who defends itself.
/// @param until While `Drawing`: last second for the accused's answer. While `Ruled`: last second for an appeal; 0 if none
/// is possible.
/// @param closesAfter While `Ruled`: last second before the case can be closed.
/// @param bond Bond of each opener.
/// @param unit An eighth of the case window at the opening. Committing votes takes 4 units, revealing 2, appealing 1. The
/// council has 8.
/// @param stake Amount that each juror locks.
/// @param amount Most that a conviction may take: what was at stake at the opening, within the launch's cap.
/// @param threshold Evidence that an accepting juror must have, in thousandths of a nat; 0 if none is needed.
/// @param appellant Account that appealed and paid `appealBond`.
/// @param electorate Who can be drawn.
/// @param target What jurors test about the subject.
/// @param excluded Who may not open, join, judge or gain. In a case about a refusal the buyer opens it all the same.
/// @param interested Who may open and join, and may not judge.
struct Case {
    Kind kind;
    Stage stage;
    Verdict verdict;
    uint8 round;
    bool answered;
    bool annulled;
    bool joinable;
    address accused;
    uint256 subject;
    uint64 until;
    uint64 closesAfter;
    uint64 bond;
    uint64 unit;
    uint64 stake;
    uint128 amount;
    uint64 threshold;
    address appellant;
    uint64 appealBond;
    Electorate electorate;
    bytes32 target;
    address[4] excluded;
    address[2] interested;
}

/// @notice One panel of a case.
/// @param block_ Block whose hash draws the panel.
/// @param seed What the panel is drawn from; 0 until it is recorded.
/// @param seats Number of seats. Empty ones count like silent jurors.
/// @param accepts Number of votes to accept.
/// @param rejects Number of votes to reject.
/// @param graver Number of accepting votes that find that nothing usable was delivered.
/// @param ruling Ruling of this panel.
/// @param eighth Eighth of the keys that the panel tests, from 0; without meaning where no keys are tested.
/// @param costs Sum of the costs of finding that accepting jurors found proven.
/// @param votes Two bits for each seat: its revealed `Verdict`.
/// @param commitUntil Last second for committing votes.
/// @param revealUntil Last second for revealing votes.
/// @param panel Jurors. A juror's seat is its place here.
struct Round {
    uint64 block_;
    bytes32 seed;
    uint16 seats;
    uint16 accepts;
    uint16 rejects;
    uint16 graver;
    Verdict ruling;
    uint8 eighth;
    uint64 costs;
    uint256 votes;
    uint64 commitUntil;
    uint64 revealUntil;
    address[] panel;
}

/// @notice A juror's vote.
/// @param finding The evidence, in thousandths of a nat. `Refusal`: 2 if nothing usable was delivered, else 1. Rejecting
/// votes find nothing.
/// @param cost What finding the offence cost its openers, as far as the juror found it proven.
/// @param transcripts Merkle root of the answers that the juror obtained itself.
struct Vote {
    Verdict verdict;
    uint32 finding;
    uint64 cost;
    bytes32 transcripts;
}

/// @title Cases: offences that drawn provers decide.
/// @notice The court judges. What a case is about, who stands accused and what follows from the ruling is the business of
/// its matter (`IMatter`), one for each `Kind`. Two thirds of all seats accept a case, and more than half reject it. Any
/// other result is a draw.
///
/// **Who judges.** Who can be drawn is fixed when the case opens: provers whose stake is a week old. The seed is the hash
/// of a block that is fixed at the same moment and lies after it. Anyone records it for a fee, and a missed one fixes the
/// block 256 later. Nothing that can still be chosen then changes the panel: see `IProverRegistry.draw`. The proposer of
/// that one block could withhold it, which costs it the block and gives one reroll. Jurors' stakes bound what that is worth,
/// so provers commit to no numbers.
///
/// **What a panel can take is bounded by what its members can lose.** Seats are the odd number from
/// max(7, ⌈1.5 × amount / stake⌉) up, at most the eligible provers, and a conviction takes at most two thirds of
/// seats × stake. An appeal is heard by a larger panel. Jurors whose ruling falls lose their stake. Silence, and a vote
/// against both one's own panel's ruling and the last one, cost a penalty. All of it is burned.
///
/// **What convicts.** Jurors attest, and the chain cannot check:
///  - that they obtained every answer themselves, after the draw, and that none of them stands in a receipt that the
///    accused has reported, since a stranger may pass questions on;
///  - that these answers are evidence of so many nats.
/// The chain checks that a vote to accept has more than the threshold of the matter, fixed when the case opens, and that the
/// keys of the eighth that was drawn with the panel stand open (`IMatter.isShown`). Who holds the keys shows them to the
/// jurors in private, and opens them on chain after the votes are committed, so that the accused cannot learn them first.
///
/// **Who may gain.** Of what is taken, openers share a bounty, the rest is burned. A bounty is at most what accepting jurors
/// found proven as the cost of finding, on average, and the protocol's cap. Who could frame the accused cannot open, join or
/// judge.
///
/// **Costs.** A rejected case costs each opener its bond, half for the accused, half burned. One that is not decided costs
/// each opener a fifth of it, burned, so that nobody freezes money for nothing. A case that could not be heard is not opened:
/// it needs three eligible provers and keys to test.
///
/// **Guarded launch.** A conviction waits one case window, in which the council may annul it. Nothing has left by then, so an
/// annulled conviction leaves its victim whole: collateral and appeal bond are untouched, the openers' bonds are forfeited
/// as after a rejection, and the jurors who accepted lose their stake.
interface ICaseCourt {
    /// @notice The case does not exist or is in another stage.
    error WrongStage(CaseId id, Stage stage, Stage needed);

    /// @notice A case of this kind about the same subject and target is open or was accepted.
    error OffenceTaken(bytes32 offence, CaseId by);

    /// @notice Too few provers are eligible to hear a case.
    error ElectorateTooSmall(uint256 eligible, uint256 needed);

    /// @notice The account is an opener of this case already.
    error JoinedBefore(CaseId id, address account);

    /// @notice A case has at most `maxCount` openers. Cases about refusals cannot be joined, and others only before the panel is drawn.
    error NotJoinable(CaseId id, uint256 maxCount);

    /// @notice Only the accused may answer.
    error NotAccused(address caller, address accused);

    /// @notice The accused has already answered.
    error AlreadyAnswered(CaseId id);

    /// @notice The block whose hash draws the panel has not come.
    error BlockPending(uint256 blockNumber, uint256 needed);

    /// @notice The time for this step is over. Times are seconds of protocol time.
    error CaseTooLate(uint64 time, uint64 until);

    /// @notice This step has not begun. Times are seconds of protocol time.
    error CaseTooEarly(uint64 time, uint64 notBefore);

    /// @notice The juror has already committed or revealed.
    error AlreadyCommitted(CaseId id, address juror);

    /// @notice The revealed vote does not match the commitment.
    error CommitmentMismatch(bytes32 revealed, bytes32 committed);

    /// @notice A commitment must not be zero.
    error CommitmentMissing();

    /// @notice The caller does not have this seat.
    error NotOnPanel(CaseId id, address caller);

    /// @notice A vote must be to reject with no finding, or to accept with one that suffices.
    error VoteInvalid(Verdict verdict, uint32 finding, uint64 threshold);

    /// @notice Only the losing side may appeal. After a draw, either side may.
    error NotLoser(address caller);

    /// @notice The ruling is final: the case was already appealed.
    error RulingFinal(CaseId id);

    /// @notice Only the council may annul a conviction, while the launch is guarded.
    error NotCouncil(address caller);

    /// @notice A case was opened, and its bond and the recorder's fee were paid.
    event Opened(
        CaseId indexed id,
        uint256 indexed subject,
        address indexed opener,
        Kind kind,
        address accused,
        bytes32 target,
        string evidence
    );

    /// @notice Another opener joined the case with a bond of its own.
    event Joined(CaseId indexed id, address indexed opener, string evidence);

    /// @notice The accused answered.
    event Answered(CaseId indexed id, string answer, uint64 until);

    /// @notice The hash that draws the panel was recorded, and the recorder is owed the fee.
    event Recorded(CaseId indexed id, uint8 round, address indexed recorder, uint64 blockNumber, bytes32 seed);

    /// @notice The panel was drawn, and the eighth of the keys that it tests.
    event Drawn(CaseId indexed id, uint8 round, address[] panel, uint8 eighth, uint64 commitUntil, uint64 revealUntil);

    /// @notice A juror committed to a vote.
    event VoteCommitted(CaseId indexed id, uint8 round, address indexed juror);

    /// @notice A juror revealed its vote.
    event VoteRevealed(CaseId indexed id, uint8 round, address indexed juror, Vote vote);

    /// @notice A panel ruled. `until` is the last second for an appeal, or 0 if none is possible.
    event Ruled(CaseId indexed id, uint8 round, Verdict verdict, uint64 until, uint64 closesAfter);

    /// @notice The ruling was appealed.
    event Appealed(CaseId indexed id, address indexed appellant, uint64 bond);

    /// @notice The council annulled the conviction.
    event Annulled(CaseId indexed id);

    /// @notice The case was closed. `taken` was taken from the accused, of which openers share `bounty`.
    event CaseClosed(CaseId indexed id, Verdict verdict, uint256 taken, uint256 bounty);

    /// @notice The court paid an account what it owed.
    event Paid(address indexed account, uint256 amount);

    /// @notice Opens a case and pulls bond and recorder's fee (`bondOf`) from the caller. Reverts while the protocol is
    /// paused, and where nothing is at stake any more.
    /// @param subject Number of the copy or model, by the kind of case.
    /// @param target What jurors test about it (`ILeakCases`, `IRefusalCases`, `IParentCases`).
    /// @param evidence Location of the opener's evidence, which decides nothing. It must not contain a key: a published
    /// key proves nothing.
    function open(Kind kind, uint256 subject, bytes32 target, string calldata evidence) external returns (CaseId id);

    /// @notice Joins a case with a bond of the caller's own, before its panel is drawn.
    function join(CaseId id, string calldata evidence) external;

    /// @notice Records the accused's answer, once, before the first panel's votes. In the last quarter of its window an
    /// answer extends it by a quarter, so that it can be read.
    function answer(CaseId id, string calldata text) external;

    /// @notice Records the hash of the block that draws the panel. Anyone may call this for a fee.
    function record(CaseId id) external;

    /// @notice Draws the panel, and records the hash first if nobody has. Anyone may call this.
    function draw(CaseId id) external;

    /// @notice A juror commits to a vote, for half of the case window after the answer and the drawing. The commitment is
    /// `voteHash`.
    /// @param seat Place of the caller in the panel.
    function commitVote(CaseId id, uint256 seat, bytes32 commitment) external;

    /// @notice A juror reveals its vote, for a quarter of the case window after the commitments.
    function revealVote(CaseId id, uint256 seat, Vote calldata vote, bytes32 salt) external;

    /// @notice Counts the votes after the reveals. Anyone may call this.
    function rule(CaseId id) external;

    /// @notice The losing side requests a larger panel, for an eighth of the case window. Pulls twice the bond and the
    /// recorder's fee.
    function appeal(CaseId id) external;

    /// @notice Annuls a conviction. Only the council may call this, during the guarded launch, within a case window.
    function annul(CaseId id) external;

    /// @notice Closes a case that can no longer be appealed or annulled: takes, pays bonds and settles the panels. Anyone
    /// may call this.
    function close(CaseId id) external;

    /// @notice Pays an account what the court owes it. Anyone may call this; the money goes to the account.
    function claim(address account) external returns (uint256 amount);

    /// @notice One case, or all zeros if it does not exist.
    function cases(CaseId id) external view returns (Case memory);

    /// @notice One panel of a case.
    function rounds(CaseId id, uint8 round) external view returns (Round memory);

    /// @notice Openers of a case. The first opened it.
    function openers(CaseId id) external view returns (address[] memory);

    /// @notice Number of cases. They are numbered from 1 to this.
    function totalCases() external view returns (uint256);

    /// @notice Amount that `claim` would pay.
    function owed(address account) external view returns (uint256);

    /// @notice What opening a case costs now: the bond, and the fee of who records the hash.
    function bondOf(Kind kind, uint256 subject) external view returns (uint64 bond, uint64 recordFee);

    /// @notice Identifier of an offence.
    function offenceOf(Kind kind, uint256 subject, bytes32 target) external view returns (bytes32);

    /// @notice What cases of one kind are about.
    function matterOf(Kind kind) external view returns (IMatter);

    /// @notice Latest case about an offence.
    function caseOf(bytes32 offence) external view returns (CaseId);

    /// @notice Commitment to a vote, valid for this chain, court, case, round and juror only.
    function voteHash(CaseId id, uint8 round, address juror, Vote calldata vote, bytes32 salt)
        external
        view
        returns (bytes32);
}
