// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, Reason, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Minter } from "../../src/interfaces/IMinterRegistry.sol";
import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { Ruling } from "../../src/interfaces/IRefusals.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { BaseTest } from "../helpers/BaseTest.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";

/// @notice Random calls in any order: buyers who order, accept, refuse with and without reason, add collateral and leave,
/// minters who deliver, stand by garbage, give money back, stay silent, resign and return, a thief who forges, reuses and
/// changes quotes, courts that rule anything and try leaks at any time, a controller who names and drops minters, and a
/// governance that bars minters, changes windows and pauses.
contract Minting is BaseTest {
    uint256 private constant MINTERS = 3;
    uint256 private constant BUYERS = 3;
    uint256 private constant MAX_COPIES = 40;

    /// @notice Describes the first violation of an invariant that a call detected.
    string public broken;
    /// @notice Hash of the fields fixed by each order, taken at the order.
    mapping(CopyId => bytes32) public ordered;
    /// @notice Whether a court took money of the copy, so that less is left than its schedule says.
    mapping(CopyId => bool) public slashed;
    /// @notice What each minter has put up, less what it has withdrawn and what its quotes have cost it.
    mapping(address minter => uint256) public bondLeft;

    ModelId private _id;
    Quote private _last;
    uint256 private _time = START;
    /// @dev Every dispute is about another offence.
    uint256 private _offences;

    function setUp() public override {
        super.setUp();
        _id = _root();
        bondLeft[MINTER] = BOND;
        for (uint256 i = 1; i < MINTERS; ++i) {
            _join(minter(i));
            bondLeft[minter(i)] = BOND;
        }
        for (uint256 i; i < MINTERS; ++i) {
            _offer(_id, minter(i));
        }
        _last = _quote(buyer(0), _id);
    }

    /* PEOPLE */

    function minter(uint256 seed) public pure returns (address) {
        return vm.addr(_key(seed));
    }

    function buyer(uint256 seed) public pure returns (address) {
        return address(uint160(0xB000 + seed % BUYERS));
    }

    /* ORDERS */

    function order(uint256 seed, uint256 whose, uint32 fee, uint64 penalty, uint64 price, uint64 collateral) external {
        if (protocol.paused() || copyRegistry.totalCopies() >= MAX_COPIES) return;
        Minter memory found = minterRegistry.minters(minter(whose));
        penalty = penalty % 500e6;
        if (!found.listed || found.barred || !registry.minterNamed(_id, minter(whose))) return;
        if (found.bond < found.reserved + penalty) return;
        Terms memory terms = _termsOf(price % 1000e6, collateral % 1000e6);
        terms.leakBps = uint16(seed % 10_001);
        vm.prank(CREATOR);
        registry.setTerms(_id, terms);
        Quote memory quote = _quote(buyer(seed), _id);
        (quote.minter, quote.fee, quote.penalty) = (minter(whose), fee % 100e6, penalty);
        _order(whose, quote);
    }

    /// @notice A thief orders with a quote that nobody signed, that has served, or that was made for somebody else.
    function steal(uint256 how, uint64 change) external {
        Quote memory quote = _last;
        bytes memory signature = _signQuote(how % 2 == 0 ? MINTER_KEY : 0x7415f, quote);
        if (how % 2 == 0 && CopyId.unwrap(minterRegistry.orderOf(minterRegistry.quoteDigest(quote))) == 0) {
            quote.penalty += 1 + change % 1e9;
        }
        uint256 before = minterRegistry.minters(quote.minter).reserved;
        _fund(quote.buyer, address(copyRegistry), 1e12);
        vm.prank(how % 3 == 0 ? STRANGER : quote.buyer);
        try copyRegistry.order(quote, signature) returns (CopyId) {
            broken = "15. an order without a quote";
        } catch { }
        if (minterRegistry.minters(quote.minter).reserved != before) broken = "15. a bond at stake without a quote";
    }

    function deliver(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        bool again = copy.state == State.Refused && !copy.redelivered;
        if ((copy.state != State.Ordered && !again) || protocol.time() > copy.deadline) return;
        vm.prank(copy.minter);
        copyRegistry.deliver(id, _delivery());
    }

    function accept(uint256 seed, bool late) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        bool open_ = copy.state == State.Delivered || copy.state == State.Refused || copy.state == State.Defended;
        if (!open_) return;
        bool anyone = late && copy.state != State.Refused && protocol.time() > copy.deadline;
        vm.prank(anyone ? STRANGER : copy.buyer);
        copyRegistry.accept(id);
    }

    function refuse(uint256 seed, uint256 reason) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Delivered || protocol.time() > copy.deadline) return;
        vm.prank(copy.buyer);
        copyRegistry.refuse(id, Reason(1 + reason % 6), "evidence");
    }

    function standBy(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Refused || protocol.time() > copy.deadline) return;
        vm.prank(copy.minter);
        copyRegistry.standBy(id);
    }

    function refund(uint256 seed, uint256 who) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Ordered && copy.state != State.Refused) return;
        bool late = protocol.time() > copy.deadline;
        if (!late && copy.state == State.Ordered) return;
        address[3] memory callers = [copy.minter, copy.buyer, STRANGER];
        vm.prank(late ? callers[who % 3] : copy.minter);
        copyRegistry.refund(id);
        bondLeft[copy.minter] -= copy.penalty;
    }

    /* COURTS */

    function openRefusal(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        bool late = protocol.time() > copy.deadline;
        if (copy.state == State.Defended ? late : copy.state != State.Refused || !late) return;
        vm.prank(COURT);
        copyRegistry.openRefusal(id);
    }

    function closeRefusal(uint256 seed, uint256 ruling) public {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Contested) return;
        Ruling found = Ruling(1 + ruling % 4);
        _rule(id, found);
        if (found == Ruling.Defective || found == Ruling.Unusable) bondLeft[copy.minter] -= copy.penalty;
    }

    /// @notice A leak is tried. It must be possible while anything is left.
    function openDispute(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.collateral <= copyRegistry.released(id) || copy.state == State.Ordered) return;
        vm.prank(COURT);
        copyRegistry.openDispute(id);
    }

    function closeDispute(uint256 seed, uint64 amount) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.openDisputes == 0) return;
        if (amount % 3 > 0) {
            uint256 claimed = amount % 3 == 1 ? amount % 1000e6 : type(uint256).max;
            vm.prank(COURT);
            copyRegistry.slash(id, claimed, type(uint256).max, bytes32(++_offences));
            slashed[id] = true;
        }
        vm.prank(COURT);
        copyRegistry.closeDispute(id);
    }

    /* COLLATERAL */

    function close(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Active) return;
        vm.prank(copy.buyer);
        copyRegistry.close(id);
    }

    function withdraw(uint256 seed, bool byBuyer) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copyRegistry.released(id) == 0) return;
        vm.prank(byBuyer ? copy.buyer : STRANGER);
        copyRegistry.withdraw(id);
    }

    function addCollateral(uint256 seed, uint40 amount) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state != State.Active && copy.state != State.Closing) return;
        _fund(STRANGER, address(copyRegistry), amount);
        vm.prank(STRANGER);
        copyRegistry.addCollateral(id, amount);
    }

    /* MINTERS */

    function resign(uint256 whose) external {
        if (!minterRegistry.minters(minter(whose)).listed) return;
        vm.prank(minter(whose));
        minterRegistry.resign();
    }

    function comeBack(uint256 whose) external {
        if (protocol.paused() || minterRegistry.minters(minter(whose)).barred) return;
        _join(minter(whose));
        bondLeft[minter(whose)] += BOND;
    }

    function withdrawBond(uint256 whose) external {
        address account = minter(whose);
        uint64 leavesAt = minterRegistry.leavesAt(account);
        if (leavesAt == 0 || protocol.time() < leavesAt || minterRegistry.minters(account).reserved > 0) return;
        vm.prank(account);
        minterRegistry.withdrawBond();
        bondLeft[account] = 0;
    }

    function name(uint256 whose, bool named) external {
        vm.prank(CREATOR);
        registry.nameMinter(_id, minter(whose), named);
    }

    /* GOVERNANCE AND CLOCK */

    function bar(uint256 whose, bool barred) external {
        vm.prank(OWNER);
        minterRegistry.setBarred(minter(whose), barred);
    }

    function setWindow(uint256 which, uint64 value) external {
        Parameter[3] memory windows = [Parameter.AcceptWindow, Parameter.AnswerWindow, Parameter.LeakTail];
        (uint64 least, uint64 most) = protocol.bounds(windows[which % 3]);
        vm.prank(OWNER);
        protocol.set(windows[which % 3], uint64(_bound(value, least, most)));
    }

    function pause() external {
        vm.prank(GUARDIAN);
        try protocol.pause() { } catch { }
    }

    function wait(uint256 duration, bool long) external {
        vm.warp(_time += duration % (long ? 60 days : 1 days));
    }

    /// @notice Everybody leaves: buyers, minters and the court make their own calls, and strangers make the rest.
    function windDown() external {
        vm.warp(_time += 8 days);
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            CopyId id = _copyId(i);
            Copy memory copy = copyRegistry.copies(id);
            vm.warp(_time += 31 days);
            if (copy.state == State.Ordered || copy.state == State.Refused) copyRegistry.refund(id);
            if (copy.state == State.Delivered || copy.state == State.Defended) copyRegistry.accept(id);
            if (copy.state == State.Contested) _rule(id, Ruling.Unheard);
            for (uint256 j; j < copy.openDisputes; ++j) {
                vm.prank(COURT);
                copyRegistry.closeDispute(id);
            }
            if (copyRegistry.copies(id).state != State.Active) continue;
            vm.prank(copy.buyer);
            copyRegistry.close(id);
        }
        vm.warp(_time += 2000 days);
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            if (copyRegistry.released(_copyId(i)) > 0) copyRegistry.withdraw(_copyId(i));
        }
        for (uint256 i; i < MINTERS; ++i) {
            _leave(minter(i));
        }
    }

    /* BOOKS */

    /// @notice Price and fee in escrow, and collateral.
    function held() external view returns (uint256 sum) {
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            Copy memory copy = copyRegistry.copies(_copyId(i));
            if (_isOpen(copy.state)) sum += uint256(copy.price) + copy.mintFee;
            sum += copy.collateral;
        }
    }

    /// @notice Penalties of all orders of a minter that are neither accepted nor refunded.
    function promised(address account) external view returns (uint256 sum) {
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            Copy memory copy = copyRegistry.copies(_copyId(i));
            if (copy.minter == account && _isOpen(copy.state)) sum += copy.penalty;
        }
    }

    /// @notice Whether what is left of each leak bond is at least what its schedule says, unless a court took it.
    function keepsLeakBonds() external view returns (bool) {
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            CopyId id = _copyId(i);
            Copy memory copy = copyRegistry.copies(id);
            if (copy.state < State.Delivered || slashed[id] || copy.artifactRoot == 0) continue;
            bool leaving = copy.state == State.Closing || copy.state == State.Closed || copy.state == State.Refunded;
            uint256 passed = leaving && protocol.time() > copy.deadline ? protocol.time() - copy.deadline : 0;
            uint256 left = passed >= copy.leakTail ? 0 : copy.leakBond * (copy.leakTail - passed);
            if (uint256(copy.collateral) * copy.leakTail < left) return false;
        }
        return true;
    }

    function keepsOrders() external view returns (bool) {
        for (uint256 i = 1; i <= copyRegistry.totalCopies(); ++i) {
            if (ordered[_copyId(i)] != fixedAtOrder(copyRegistry.copies(_copyId(i)))) return false;
        }
        return true;
    }

    function bondOf(address account) external view returns (uint256 bond, uint256 reserved) {
        Minter memory found = minterRegistry.minters(account);
        return (found.bond, found.reserved);
    }

    function inRegistry() external view returns (uint256) {
        return usd.balanceOf(address(copyRegistry));
    }

    function inMinters() external view returns (uint256) {
        return usd.balanceOf(address(minterRegistry));
    }

    /* INTERNAL */

    function _order(uint256 whose, Quote memory quote) private {
        bytes memory signature = _signQuote(_key(whose), quote);
        _fund(quote.buyer, address(copyRegistry), 3000e6);
        vm.prank(quote.buyer);
        CopyId id = copyRegistry.order(quote, signature);
        ordered[id] = fixedAtOrder(copyRegistry.copies(id));
        _last = quote;
    }

    function _leave(address account) private {
        if (minterRegistry.minters(account).listed) {
            vm.prank(account);
            minterRegistry.resign();
            vm.warp(_time += 200 days);
        }
        if (minterRegistry.leavesAt(account) == 0) return;
        vm.prank(account);
        minterRegistry.withdrawBond();
    }

    function _key(uint256 seed) private pure returns (uint256) {
        return MINTER_KEY + seed % MINTERS;
    }

    function _isOpen(State state) private pure returns (bool) {
        return state == State.Ordered || state == State.Delivered || state == State.Refused || state == State.Defended
            || state == State.Contested;
    }

    function _copy(uint256 seed) private view returns (CopyId id, Copy memory copy) {
        uint256 total = copyRegistry.totalCopies();
        id = _copyId(total == 0 ? 0 : 1 + seed % total);
        copy = copyRegistry.copies(id);
    }
}
