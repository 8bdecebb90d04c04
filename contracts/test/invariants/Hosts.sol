// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ChallengeState } from "../../src/interfaces/IChallengeCourt.sol";
import { Copy, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { SignedVoucher } from "../../src/interfaces/IUserLedger.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { Receipt, Receipts, Report } from "../../src/lib/Receipts.sol";
import { SumNode, SumTree } from "../../src/lib/SumTree.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { Voucher } from "../../src/lib/Vouchers.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { ServingBase } from "../helpers/ServingBase.sol";

/// @notice Addresses of the contracts that hold money.
struct Deployed {
    address copies;
    address ledger;
    address court;
    address minters;
    address treasury;
    address users;
}

/// @notice A commitment that a challenger made.
struct Promise {
    address challenger;
    bytes32 commitment;
}

/// @notice Random calls in any order: hosts who serve and hide usage, users who reserve, sign vouchers and leave,
/// minters who join and leave, clients who challenge, thieves who forge receipts and vouchers and settle for others,
/// griefers who open challenges that can be answered, a governance that changes the windows, and a guardian who pauses.
contract Hosts is ServingBase {
    using Receipts for Receipt;

    address private constant THIEF = address(0x7415f);
    uint256 private constant THIEF_KEY = 0x7415f;
    uint256 private constant SESSION_KEY = 0x5e55;

    /// @notice Describes the first violation of an invariant that a call detected.
    string public broken;
    /// @notice Hash of the fields fixed by each order, taken at the order.
    mapping(CopyId => bytes32) public ordered;
    Receipt[] private _challenged;
    Promise[] private _commitments;
    mapping(bytes32 commitment => bool) private _known;
    uint256 public slashes;

    /// @dev Number of receipts that a host issued per epoch, at most two, and its report.
    mapping(CopyId => mapping(uint64 => uint64)) private _served;
    mapping(CopyId => mapping(uint64 => Report)) private _reports;
    mapping(bytes32 => bool) private _slashed;
    address[3] private _hosts = [address(0xA057), address(0xB057), address(0xC057)];
    /// @dev What each user has promised each copy's host, and whether a session key signs for it.
    mapping(CopyId => mapping(uint256 => Voucher)) private _promised;
    mapping(CopyId => mapping(uint256 => bool)) private _named;
    /// @dev The last second to report each epoch, as it was while the epoch ran.
    mapping(uint64 => uint64) private _deadlines;
    uint64[] private _epochs;
    uint256 private _time = START;

    function setUp() public override {
        super.setUp();
        ordered[copyId] = fixedAtOrder(copyRegistry.copies(copyId));
    }

    /// @notice The contracts that hold money.
    function deployed() external view returns (Deployed memory) {
        return Deployed({
            copies: address(copyRegistry),
            ledger: address(ledger),
            court: address(court),
            minters: address(minterRegistry),
            treasury: address(treasury),
            users: address(users)
        });
    }

    /* COPIES */

    function order(uint256 host, uint64 price, uint64 collateral) external {
        if (protocol.paused() || !minterRegistry.minters(MINTER).listed) return;
        if (minterRegistry.minters(MINTER).bond < PENALTY + minterRegistry.minters(MINTER).reserved) return;
        _terms_(price % 1000e6, collateral % 1000e6);
        Quote memory quote = _quote(_hosts[host % 3], root);
        quote.fee = uint32(price % 10e6);
        CopyId id = _order(quote);
        ordered[id] = fixedAtOrder(copyRegistry.copies(id));
    }

    function deliver(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Ordered) return;
        if (protocol.time() > copy.deadline) return copyRegistry.refund(id);
        _deliver(id);
    }

    function accept(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Delivered) return;
        vm.prank(copy.buyer);
        copyRegistry.accept(id);
        if (protocol.paused()) return;
        vm.prank(copy.buyer);
        ledger.openDeployment(id, URL, 0, OPERATOR, CAP);
    }

    function close(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Active) return;
        vm.prank(copy.buyer);
        copyRegistry.close(id);
    }

    /// @dev Withdraws in the first possible second. No offence of the copy's time may still be provable then.
    function withdraw(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Closing || copy.openDisputes > 0 || protocol.paused()) return;
        uint64 time = protocol.time();
        if (time < copy.deadline) vm.warp(_time += copy.deadline - time);
        uint64 closedIn = copy.lastEpoch;
        for (uint64 day = closedIn; day + 16 > closedIn; --day) {
            if (_served[id][day] > _reports[id][day].count && _provable(id, day)) {
                broken = "collateral left before an offence expired";
            }
        }
        copyRegistry.withdraw(id);
    }

    /// @dev At most a million USDC each time, because a conviction pays it to the model, whose income in one epoch is
    /// bounded (see `ITreasury`).
    function addCollateral(uint256 seed, uint40 amount) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Active && copy.state != State.Closing) return;
        _fund(STRANGER, address(copyRegistry), amount);
        vm.prank(STRANGER);
        copyRegistry.addCollateral(id, amount);
    }

    /* MINTERS */

    function resign() external {
        if (!minterRegistry.minters(MINTER).listed) return;
        vm.prank(MINTER);
        minterRegistry.resign();
    }

    function comeBack(uint64 amount) external {
        if (protocol.paused()) return;
        _fund(MINTER, address(minterRegistry), BOND + amount % 1000e6);
        vm.prank(MINTER);
        minterRegistry.addBond(uint96(BOND + amount % 1000e6));
        vm.prank(MINTER);
        minterRegistry.join();
    }

    function withdrawBond() external {
        uint64 leavesAt = minterRegistry.leavesAt(MINTER);
        if (leavesAt == 0 || protocol.time() < leavesAt || minterRegistry.minters(MINTER).reserved > 0) return;
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
    }

    /* HOSTS */

    function serve(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        uint64 now_ = protocol.epoch();
        if (copy.state != State.Active || ledger.keyTerms(id, OPERATOR).until == 0 || _served[id][now_] == 2) return;
        ++_served[id][now_];
        if (_deadlines[now_] != 0) return;
        _deadlines[now_] = ledger.reportDeadline(now_);
        _epochs.push(now_);
    }

    /// @dev Some hosts report everything, some less, and some a wrong root.
    function report(uint256 seed, uint64 back, uint8 honesty) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        uint64 day = protocol.epoch() - 1 - back % 2;
        uint64 count = _served[id][day];
        if (honesty % 4 == 0 && count > 0) --count;
        if (count == 0 || ledger.reportHash(id, day) != 0 || protocol.time() > ledger.reportDeadline(day)) return;
        (copyId, epoch) = (id, day);
        bytes32 receiptsRoot = honesty % 4 == 1 ? MANIFEST_ROOT : _rootFor(count);
        Report memory filed = Report(id, day, count, count, receiptsRoot);
        if (honesty % 3 == 0) _deposit(id, 1e6);
        vm.prank(copy.buyer);
        if (honesty % 5 == 0) {
            SignedVoucher[] memory vouchers = new SignedVoucher[](0);
            try users.reportAndSettle(filed, vouchers) {
                _reports[id][day] = filed;
            } catch { }
        } else {
            try ledger.report(id, day, count, count, receiptsRoot) {
                _reports[id][day] = filed;
            } catch { }
        }
    }

    function coverFees(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        uint64 until = ledger.owedUntil(id);
        if (until == 0 || copy.collateral == 0 || protocol.paused()) return;
        _waitUntil(until + 1);
        copyRegistry.coverFees(id);
    }

    /* USERS */

    function user(uint256 i) public pure returns (address) {
        return vm.addr(0x05e0 + i % 3);
    }

    function reserve(uint256 seed, uint256 who, uint32 amount) external {
        (CopyId id,) = _copy(seed);
        if (protocol.paused() || amount == 0) return;
        _fund(user(who), address(users), amount);
        vm.prank(user(who));
        users.deposit(amount);
        vm.prank(user(who));
        users.reserve(id, amount);
    }

    function nameKey(uint256 seed, uint256 who) external {
        (CopyId id,) = _copy(seed);
        vm.prank(user(who));
        users.nameKey(id, vm.addr(SESSION_KEY), type(uint64).max, type(uint64).max);
        _named[id][who % 3] = true;
    }

    /// @dev A user signs for more units and more money than before.
    function signVoucher(uint256 seed, uint256 who, uint8 units, uint32 amount) external {
        (CopyId id,) = _copy(seed);
        Voucher storage promised = _promised[id][who % 3];
        promised.cumulativeUnits += units;
        promised.cumulativeAmount += amount % 1e7;
    }

    /// @dev The host settles a voucher, sometimes an older one. Others must not.
    function settle(uint256 seed, uint256 who, bool older, address thief) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        SignedVoucher[] memory vouchers = _signedVouchers(id, who, older);
        uint64 before = users.settledUnits(id);
        vm.prank(thief);
        try users.settle(id, vouchers) {
            if (thief != copy.buyer) broken = "12. settled by a thief";
        } catch { }
        vm.prank(copy.buyer);
        try users.settle(id, vouchers) returns (uint256 paid) {
            if (paid > 0 && users.settledUnits(id) == before) broken = "12. money for no units";
        } catch { }
        before = users.settledUnits(id);
        vm.prank(copy.buyer);
        try users.settle(id, vouchers) returns (uint256 paid) {
            if (paid > 0) broken = "12. paid twice";
            if (users.settledUnits(id) != before) broken = "12. units without a new voucher";
        } catch { }
    }

    /// @dev A voucher that the user did not sign.
    function forgeVoucher(uint256 seed, uint256 who, uint64 units, uint64 amount) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        SignedVoucher[] memory vouchers = new SignedVoucher[](1);
        bytes32 digest = users.voucherDigest(id, user(who), units, amount);
        vouchers[0] = SignedVoucher(user(who), units, amount, _signature(THIEF_KEY, digest));
        vm.prank(copy.buyer);
        try users.settle(id, vouchers) {
            broken = "paid for a forged voucher";
        } catch { }
    }

    function requestRelease(uint256 seed, uint256 who) external {
        (CopyId id,) = _copy(seed);
        vm.prank(user(who));
        try users.requestRelease(id) { } catch { }
    }

    function release(uint256 seed, uint256 who) external {
        (CopyId id,) = _copy(seed);
        try users.release(id, user(who)) {
            _named[id][who % 3] = false;
        } catch { }
    }

    /// @dev The voucher of one user, or those of all in one batch.
    function _signedVouchers(CopyId id, uint256 who, bool older)
        private
        view
        returns (SignedVoucher[] memory vouchers)
    {
        vouchers = new SignedVoucher[](who % 4 == 3 ? 3 : 1);
        for (uint256 i; i < vouchers.length; ++i) {
            vouchers[i] = _signedVoucher(id, who % 4 == 3 ? i : who % 3, older);
        }
    }

    function _signedVoucher(CopyId id, uint256 who, bool older) private view returns (SignedVoucher memory) {
        Voucher memory promised = _promised[id][who];
        uint64 units = older ? promised.cumulativeUnits / 2 : promised.cumulativeUnits;
        uint64 amount = older ? promised.cumulativeAmount / 2 : promised.cumulativeAmount;
        uint256 key = _named[id][who] ? SESSION_KEY : 0x05e0 + who;
        return
            SignedVoucher(user(who), units, amount, _signature(key, users.voucherDigest(id, user(who), units, amount)));
    }

    /* GOVERNANCE */

    /// @dev Windows change, within limits that keep the thaw below ten days.
    function setWindow(uint256 which, uint64 value) external {
        uint64[4] memory longest = [uint64(2 days), 2 days, 4 days, 1 days];
        which %= 4;
        uint64 min = which == 2 ? 4 hours : 1 hours;
        vm.prank(OWNER);
        protocol.set(Parameter(uint256(Parameter.ReportGrace) + which), min + value % (longest[which] - min + 1));
    }

    function prepay(uint256 seed, uint32 amount) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.None) _deposit(id, amount);
    }

    function requestWithdrawal(uint256 seed, uint64 amount) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state == State.None) return;
        amount %= ledger.escrows(id).escrow + 1;
        vm.prank(copy.buyer);
        ledger.requestWithdrawal(id, amount);
    }

    function withdrawEscrow(uint256 seed) external {
        (CopyId id,) = _copy(seed);
        (uint64 time, uint64 leavesAt) = (protocol.time(), ledger.escrows(id).leavesAt);
        if (time >= leavesAt && time <= leavesAt + DAY) ledger.withdraw(id);
    }

    /* CHALLENGES */

    function unreported(uint256 seed, uint64 back, uint64 index) external {
        (CopyId id, Receipt memory receipt) = _given(seed, back, index);
        if (receipt.units == 0) return;
        bytes32 offence = court.offenceOf(id, epoch, receipt.index);
        bool isOffence = receipt.index >= _reports[id][epoch].count && _provable(id, epoch);
        bytes memory signature = _sign(receipt);
        Report memory filed = _reports[id][epoch].count == 0 ? _emptyReport() : _reports[id][epoch];
        if (!_committed(CHALLENGER, receipt.hash())) return;
        vm.prank(CHALLENGER);
        try court.unreported(receipt, signature, filed, SALT) returns (uint256 taken) {
            if (taken > 0) _countSlash(offence);
            if (!isOffence) broken = "slashed without an offence";
        } catch {
            State state = copyRegistry.copies(id).state;
            bool standing = state == State.Active || state == State.Closing;
            if (isOffence && standing && !_slashed[offence]) broken = "a provable offence was not punished";
        }
    }

    function twoFaces(uint256 seed, uint64 index, bool really) external {
        (CopyId id, Receipt memory one) = _given(seed, 0, index);
        if (one.units == 0) return;
        Receipt memory other = abi.decode(abi.encode(one), (Receipt));
        if (really) other.responseHash = keccak256("another face");
        (bytes memory oneSignature, bytes memory otherSignature) = (_sign(one), _sign(other));
        if (!_committed(STRANGER, _facesOf(one, other))) return;
        vm.prank(STRANGER);
        try court.twoFaces(one, oneSignature, other, otherSignature, SALT) returns (uint256 taken) {
            if (taken > 0) _countSlash(court.offenceOf(id, epoch, one.index));
            if (!really) broken = "slashed for equal receipts";
        } catch { }
    }

    function missing(uint256 seed, uint64 back, uint64 index) external {
        (CopyId id, Receipt memory receipt) = _given(seed, back, index);
        if (receipt.units == 0 || receipt.index >= _reports[id][epoch].count) return;
        bytes memory signature = _sign(receipt);
        if (!_committed(STRANGER, receipt.hash())) return;
        vm.prank(STRANGER);
        try court.missing(receipt, signature, _reports[id][epoch], SALT) {
            _challenged.push(receipt);
        } catch { }
    }

    function answer(uint256 seed, uint64 back, uint64 index) external {
        (CopyId id, Receipt memory receipt) = _given(seed, back, index);
        if (receipt.units == 0) return;
        SumNode[] memory siblings =
            _reports[id][epoch].count == 2 ? _siblings(_leaf(_at(receipt.index ^ 1))) : new SumNode[](0);
        try court.answer(_reports[id][epoch], receipt, siblings) { } catch { }
    }

    function convict(uint256 seed) external {
        if (_challenged.length == 0) return;
        Receipt memory receipt = _challenged[seed % _challenged.length];
        try court.convict(receipt) returns (uint256 taken) {
            if (taken > 0) _countSlash(court.offenceOf(receipt.copyId, receipt.epoch, receipt.index));
        } catch { }
    }

    function payBounty(uint256 seed) external {
        (CopyId id,) = _copy(seed);
        try court.payBounty(id) { } catch { }
    }

    /// @dev A commitment that nobody reveals.
    function commitToNothing(bytes32 evidence) external {
        _committed(THIEF, evidence);
    }

    function expire(uint256 seed) external {
        if (_commitments.length == 0) return;
        Promise memory made = _commitments[seed % _commitments.length];
        try court.expire(made.challenger, made.commitment) { } catch { }
    }

    /// @dev A receipt that is not signed by the operator key convicts nobody.
    function forge(uint256 seed, uint64 back, uint64 index, bytes32 response) external {
        (CopyId id,) = _copy(seed);
        (copyId, epoch) = (id, protocol.epoch() - back % 12);
        Receipt memory receipt = _at(index);
        receipt.responseHash = response;
        bytes memory signature = _sign(THIEF_KEY, receipt);
        if (!_committed(THIEF, receipt.hash())) return;
        vm.prank(THIEF);
        try court.unreported(receipt, signature, _emptyReport(), SALT) {
            broken = "slashed by a forged receipt";
        } catch { }
    }

    /* CLOCK */

    function wait(uint256 duration) external {
        _time += duration % 2 days;
        vm.warp(_time);
    }

    function pause() external {
        vm.prank(GUARDIAN);
        try protocol.pause() { } catch { }
    }

    function unpause() external {
        if (!protocol.paused()) return;
        vm.prank(GUARDIAN);
        protocol.unpause();
    }

    /// @notice Closes every copy and withdraws everything: buyers make their own calls, and strangers make the rest.
    function windDown() external {
        vm.warp(_time += 8 days);
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            CopyId id = _copyId(i);
            if (copyRegistry.copies(id).state == State.Ordered) {
                vm.warp(_time += 2 days);
                copyRegistry.refund(id);
            }
            if (copyRegistry.copies(id).state == State.Delivered) {
                vm.warp(_time += 3 days);
                copyRegistry.accept(id);
            }
            if (copyRegistry.copies(id).state == State.Active) {
                vm.prank(copyRegistry.copies(id).buyer);
                copyRegistry.close(id);
            }
        }
        if (minterRegistry.minters(MINTER).listed) {
            vm.prank(MINTER);
            minterRegistry.resign();
        }
        vm.warp(_time += THAW + 9 days);
        for (uint256 i; i < _challenged.length; ++i) {
            if (_isOpen(_challenged[i])) court.convict(_challenged[i]);
        }
        vm.warp(_time += 2 hours);
        for (uint256 i; i < _commitments.length; ++i) {
            Promise memory made = _commitments[i];
            if (_stands(made)) court.expire(made.challenger, made.commitment);
        }
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            if (court.bounties(_copyId(i)).payableAt > 0) court.payBounty(_copyId(i));
        }
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            CopyId id = _copyId(i);
            if (copyRegistry.copies(id).state == State.Closing) copyRegistry.withdraw(id);
            uint64 escrow = ledger.escrows(id).escrow;
            vm.prank(copyRegistry.copies(id).buyer);
            ledger.requestWithdrawal(id, escrow);
            _waitUntil(ledger.escrows(id).leavesAt);
            ledger.withdraw(id);
        }
        _releaseAll();
        if (minterRegistry.leavesAt(MINTER) == 0) return;
        vm.prank(MINTER);
        minterRegistry.withdrawBond();
    }

    function _waitUntil(uint64 time) private {
        if (time > protocol.time()) vm.warp(_time += time - protocol.time());
    }

    /// @dev Every user and every host takes out what is its own.
    function _releaseAll() private {
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            for (uint256 j; j < 3; ++j) {
                if (users.reservations(_copyId(i), user(j)).amount == 0) continue;
                vm.prank(user(j));
                users.requestRelease(_copyId(i));
                _waitUntil(users.reservations(_copyId(i), user(j)).leavesAt);
                users.release(_copyId(i), user(j));
            }
        }
        address[7] memory accounts = [user(0), user(1), user(2), _hosts[0], _hosts[1], _hosts[2], BUYER];
        for (uint256 i; i < accounts.length; ++i) {
            uint64 balance = uint64(users.balanceOf(accounts[i]));
            vm.prank(accounts[i]);
            users.withdraw(balance);
        }
    }

    /* UTILITIES */

    /// @notice What the user ledger owes: balances and reservations.
    function heldForUsers() external view returns (uint256 sum) {
        address[7] memory accounts = [user(0), user(1), user(2), _hosts[0], _hosts[1], _hosts[2], BUYER];
        for (uint256 i; i < accounts.length; ++i) {
            sum += users.balanceOf(accounts[i]);
        }
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            for (uint256 j; j < 3; ++j) {
                sum += users.reservations(_copyId(i), user(j)).amount;
            }
        }
    }

    /// @notice Units of a copy: settled in all, by each user together, and reported.
    function unitsOf(CopyId id) external view returns (uint256 settled, uint256 byUsers, uint256 reported) {
        for (uint256 j; j < 3; ++j) {
            byUsers += users.reservations(id, user(j)).settledUnits;
        }
        return (users.settledUnits(id), byUsers, ledger.reportedUnits(id));
    }

    /// @notice Whether every epoch keeps the deadline that it began with.
    function keepsDeadlines() external view returns (bool) {
        for (uint256 i; i < _epochs.length; ++i) {
            if (ledger.reportDeadline(_epochs[i]) != _deadlines[_epochs[i]]) return false;
        }
        return true;
    }

    function owed() external view returns (uint256 sum) {
        address[11] memory accounts = [
            MINTER,
            PROTOCOL,
            PROVERS,
            CHALLENGER,
            STRANGER,
            BUYER,
            _hosts[0],
            _hosts[1],
            _hosts[2],
            address(0xdEaD),
            address(this)
        ];
        for (uint256 i; i < accounts.length; ++i) {
            sum += treasury.credit(accounts[i]);
        }
        sum += treasury.earned(root);
    }

    function balanceOf(address account) external view returns (uint256) {
        return usd.balanceOf(account);
    }

    function bondOfMinter() external view returns (uint256) {
        return minterRegistry.minters(MINTER).bond;
    }

    function held(CopyId id) external view returns (uint256 inRegistry, uint256 inLedger) {
        Copy memory copy = copyRegistry.copies(id);
        bool escrowed = copy.state == State.Ordered || copy.state == State.Delivered;
        if (escrowed) inRegistry = uint256(copy.price) + copy.mintFee;
        inRegistry += copy.collateral;
        inLedger = ledger.escrows(id).escrow;
    }

    function openBonds() external view returns (uint256 sum) {
        for (uint256 i; i < _challenged.length; ++i) {
            if (_isOpen(_challenged[i])) sum += CHALLENGE_BOND;
        }
        for (uint256 i; i < _commitments.length; ++i) {
            if (_stands(_commitments[i])) sum += CHALLENGE_BOND;
        }
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            sum += court.bounties(_copyId(i)).amount;
        }
    }

    /// @dev Commits to evidence. Returns false where the protocol is paused or the commitment stands from before.
    function _committed(address challenger, bytes32 evidence) private returns (bool done) {
        bytes32 commitment = court.commitmentOf(challenger, evidence, SALT);
        _bond(challenger);
        vm.prank(challenger);
        (done,) = address(court).call(abi.encodeCall(court.commit, (commitment)));
        if (done && !_known[commitment]) _commitments.push(Promise(challenger, commitment));
        if (done) _known[commitment] = true;
        _blocks(2);
    }

    function _stands(Promise memory made) private view returns (bool) {
        return court.commitments(made.challenger, made.commitment).committedAt != 0;
    }

    function _isOpen(Receipt memory receipt) private view returns (bool) {
        return court.challenges(receipt.hash()).state == ChallengeState.Open;
    }

    function copyCount() external view returns (uint256) {
        return copyRegistry.totalCopies();
    }

    function _copy(uint256 seed) private view returns (CopyId id, Copy memory copy) {
        id = _copyId(1 + seed % copyRegistry.totalCopies());
        copy = copyRegistry.copies(id);
    }

    /// @dev A receipt that a host issued, or one with 0 units if it issued none.
    function _given(uint256 seed, uint64 back, uint64 index) private returns (CopyId id, Receipt memory receipt) {
        (id,) = _copy(seed);
        (copyId, epoch) = (id, protocol.epoch() - back % 12);
        uint64 served = _served[id][epoch];
        receipt = _at(served == 0 ? 0 : index % served);
        if (served == 0) receipt.units = 0;
    }

    function _at(uint64 index) private view returns (Receipt memory receipt) {
        receipt = _receipt(index);
        receipt.issuedAt = epoch * DAY;
    }

    function _rootFor(uint64 count) private view returns (bytes32) {
        if (count == 2) return _rootOf(_at(0), _at(1));
        return SumTree.rootOf(1, _leaf(_at(0)));
    }

    /// @dev Whether a receipt of the key's epoch can still convict: the epoch can no longer be reported and is less
    /// than one thaw old.
    function _provable(CopyId id, uint64 day) private view returns (bool) {
        (uint64 time,, uint64 thaw) = protocol.reporting(day);
        // no receipt counts after the epoch in which the copy closed or was punished
        bool signs = day >= ledger.keyTerms(id, OPERATOR).from && day <= copyRegistry.lastEpoch(id);
        return signs && time > ledger.reportDeadline(day) && time < day * DAY + thaw;
    }

    function _countSlash(bytes32 offence) private {
        if (_slashed[offence]) broken = "an offence was slashed twice";
        _slashed[offence] = true;
        ++slashes;
    }

    function _terms_(uint64 price, uint64 collateral) private {
        vm.prank(CREATOR);
        registry.setTerms(root, _termsOf(price, collateral));
    }
}
